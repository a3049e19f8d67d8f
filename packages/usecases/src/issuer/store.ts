import { chainToPem } from '@hostmaster/core/pki/chain';
import type { CertificateAuthority } from '@hostmaster/core/pki/issuer';
import type { Db, Tx } from '@hostmaster/db/client';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

type Row = NonNullable<Awaited<ReturnType<Db['issuer']['findUnique']>>>;

export type NewIssuer = {
  readonly slug: string;
  readonly kind: 'internal-root' | 'internal-ca';
  readonly name: string;
  readonly permittedSuffixes: readonly string[];
  /** Null for a root, which signs no leaves. */
  readonly profile: string | null;
};

/** Stores a certificate authority that was just made, in the caller's transaction. */
export async function storeIssuer(tx: Tx, ctx: Pick<Ctx, 'actor' | 'clock'>, issuer: NewIssuer, made: CertificateAuthority): Promise<Row> {
  const now = ctx.clock.now();
  const permittedSuffixes = [...issuer.permittedSuffixes];
  const row = await tx.issuer.create({
    data: {
      ...issuer,
      permittedSuffixes,
      chainPem: chainToPem([made.certificate]),
      keyId: made.key.keyId,
      keyCiphertext: Buffer.from(made.key.ciphertext),
      createdAt: now,
    },
  });
  await audit(tx, ctx, 'issuer.create', { id: row.id, name: issuer.slug }, { permittedSuffixes }, now);
  return row;
}
