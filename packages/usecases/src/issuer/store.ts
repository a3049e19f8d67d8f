import { chainToPem } from '@hostmaster/core/pki/chain';
import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import type { RootState } from '@hostmaster/core/pki/root-state';
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
  /** Of a root. */
  readonly state?: RootState;
  readonly settings?: Readonly<Record<string, string>>;
  /** Of a CA below one. */
  readonly rootId?: string;
};

/** A CA as it is stored; its key is null where it is kept elsewhere. */
type Made = { readonly certificate: Uint8Array; readonly key: SealedSecret | null };

/** Stores a certificate authority that was just made, in the caller's transaction. */
export async function storeIssuer(tx: Tx, ctx: Pick<Ctx, 'actor' | 'clock'>, issuer: NewIssuer, made: Made): Promise<Row> {
  const now = ctx.clock.now();
  const permittedSuffixes = [...issuer.permittedSuffixes];
  const row = await tx.issuer.create({
    data: {
      ...issuer,
      permittedSuffixes,
      chainPem: chainToPem([made.certificate]),
      ...(made.key === null ? {} : { keyId: made.key.keyId, keyCiphertext: Buffer.from(made.key.ciphertext) }),
      createdAt: now,
    },
  });
  await audit(tx, ctx, 'issuer.create', { id: row.id, name: issuer.slug }, { permittedSuffixes }, now);
  return row;
}
