import type { AuthorityRequest } from '@hostmaster/core/pki/issuer';
import type { AuthorityKey } from '@hostmaster/core/pki/profile';
import type { Tx } from '@hostmaster/db/client';

export type NewRequest = {
  readonly rootId: string;
  readonly key: AuthorityKey;
  readonly permittedSuffixes: readonly string[];
  readonly createdAt: Date;
};

/** Stores a request that waits for whoever holds the root. @returns its id */
export async function storeRequest(
  tx: Tx,
  { rootId, key, permittedSuffixes, createdAt }: NewRequest,
  made: AuthorityRequest,
): Promise<string> {
  const { id } = await tx.authorityRequest.create({
    data: {
      rootId,
      csr: Buffer.from(made.csr),
      permittedSuffixes: [...permittedSuffixes],
      keyAlgorithm: key,
      keyId: made.key.keyId,
      keyCiphertext: Buffer.from(made.key.ciphertext),
      createdAt,
    },
    select: { id: true },
  });
  return id;
}
