import { HostmasterError } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { issuerChain } from '@hostmaster/core/pki/chain';
import {
  accountKeyContext,
  authorityKeyContext,
  type KeyRewrapper,
  leafKeyContext,
  ocspKeyContext,
  type SealedSecret,
  tokenKeyIds,
  workerKeyContext,
} from '@hostmaster/core/pki/key-store';
import { requestKey } from '@hostmaster/core/pki/request-key';
import { signsHere } from '@hostmaster/core/pki/source-traits';
import type { Db } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

type WrappedRow = { readonly id: string; readonly secret: SealedSecret; readonly context: string };
/** Where wrapped keys are kept: those under another key-encryption key, by id, and how one takes the place of what was read. */
type Keeping = {
  read(after: string | undefined): Promise<readonly WrappedRow[]>;
  write(row: WrappedRow, made: SealedSecret): Promise<{ readonly count: number }>;
};

const batch = 200;

function keepingsOf(db: Db, under: string): Keeping[] {
  const page = (after: string | undefined) =>
    ({ where: after === undefined ? {} : { id: { gt: after } }, orderBy: { id: 'asc' }, take: batch }) as const;
  // What is in a token is under no key of ours.
  const inToken = { keyId: { startsWith: tokenKeyIds } } as const;
  const other = { keyId: { not: under }, keyCiphertext: { not: null }, NOT: inToken } as const;
  const held = ({ id, secret }: WrappedRow) => ({ id, keyId: secret.keyId });
  const dataOf = ({ keyId, ciphertext }: SealedSecret) => ({ keyId, keyCiphertext: Buffer.from(ciphertext) });
  return [
    {
      read: async (after) => {
        const { where, ...more } = page(after);
        const rows = await db.workerKey.findMany({ where: { ...where, privateKeyId: { not: under } }, ...more });
        return rows.map(({ id, privateKeyId: keyId, privateCiphertext: ciphertext }) => ({
          ...{ id, secret: { keyId, ciphertext } },
          context: workerKeyContext(id),
        }));
      },
      write: ({ id, secret }, made) =>
        db.workerKey.updateMany({
          where: { id, privateKeyId: secret.keyId },
          data: { privateKeyId: made.keyId, privateCiphertext: Buffer.from(made.ciphertext) },
        }),
    },
    {
      read: async (after) => {
        const { where, ...more } = page(after);
        const select = { id: true, slug: true, kind: true, keyId: true, keyCiphertext: true, chainPem: true } as const;
        const rows = await db.issuer.findMany({ where: { ...where, ...other }, select, ...more });
        return rows.flatMap(({ id, slug, kind, keyId, keyCiphertext: ciphertext, chainPem }) => {
          if (keyId === null || ciphertext === null) return [];
          const [own] = signsHere(kind) ? issuerChain(chainPem) : [];
          const context = own === undefined ? accountKeyContext(slug) : authorityKeyContext(readCertificate(own).spki);
          return [{ id, secret: { keyId, ciphertext }, context }];
        });
      },
      write: (row, made) => db.issuer.updateMany({ where: held(row), data: dataOf(made) }),
    },
    {
      // The key that an account is about to be known by.
      read: async (after) => {
        const { where, ...more } = page(after);
        const select = { id: true, slug: true, nextKeyId: true, nextKeyCiphertext: true } as const;
        const rows = await db.issuer.findMany({ where: { ...where, nextKeyId: { not: under } }, select, ...more });
        return rows.flatMap(({ id, slug, nextKeyId: keyId, nextKeyCiphertext: ciphertext }) =>
          keyId === null || ciphertext === null ? [] : [{ id, secret: { keyId, ciphertext }, context: accountKeyContext(slug) }],
        );
      },
      write: ({ id, secret }, made) =>
        db.issuer.updateMany({
          where: { id, nextKeyId: secret.keyId },
          data: { nextKeyId: made.keyId, nextKeyCiphertext: Buffer.from(made.ciphertext) },
        }),
    },
    {
      read: async (after) => {
        const rows = await db.ocspSigner.findMany({
          where: { keyId: { not: under }, ...(after === undefined ? {} : { issuerId: { gt: after } }) },
          orderBy: { issuerId: 'asc' },
          take: batch,
        });
        return rows.map(({ issuerId: id, certificate, keyId, keyCiphertext: ciphertext }) => ({
          ...{ id, secret: { keyId, ciphertext } },
          context: ocspKeyContext(readCertificate(certificate).spki),
        }));
      },
      write: ({ id, secret }, made) => db.ocspSigner.updateMany({ where: { issuerId: id, keyId: secret.keyId }, data: dataOf(made) }),
    },
    {
      read: async (after) => {
        const { where, ...more } = page(after);
        const rows = await db.authorityRequest.findMany({ where: { ...where, keyId: { not: under }, NOT: inToken }, ...more });
        return rows.map(({ id, csr, keyId, keyCiphertext: ciphertext }) => ({
          ...{ id, secret: { keyId, ciphertext } },
          context: authorityKeyContext(requestKey(csr)),
        }));
      },
      write: (row, made) => db.authorityRequest.updateMany({ where: held(row), data: dataOf(made) }),
    },
    {
      read: async (after) => {
        const { where, ...more } = page(after);
        const select = { id: true, keyId: true, keyCiphertext: true, keyLabel: true } as const;
        const rows = await db.certificateOrder.findMany({ where: { ...where, ...other }, select, ...more });
        return rows.flatMap(({ id, keyId, keyCiphertext: ciphertext, keyLabel }) =>
          keyId === null || ciphertext === null ? [] : [{ id, secret: { keyId, ciphertext }, context: leafKeyContext(keyLabel) }],
        );
      },
      write: (row, made) => db.certificateOrder.updateMany({ where: held(row), data: dataOf(made) }),
    },
  ];
}

/**
 * Brings every wrapped key under the key-encryption key in force; none is opened, and what is in a token stays as it is. What a worker wraps under another meanwhile is found when it is run again.
 * @returns how many were, and how many are left because the key that they are under is not at hand, or they are damaged
 */
export async function rewrapKeys(
  ctx: Pick<Ctx, 'actor' | 'db' | 'clock'>,
  keys: KeyRewrapper,
): Promise<{ readonly rewrapped: number; readonly left: number }> {
  const { wrapsUnder } = keys;
  let [rewrapped, left] = [0, 0];
  for (const { read, write } of keepingsOf(ctx.db, wrapsUnder)) {
    for (let rows = await read(undefined); rows.length > 0; rows = await read(rows.at(-1)?.id)) {
      for (const row of rows) {
        const made = attempt(() => keys.rewrap(row.secret, row.context));
        if (made === null) left += 1;
        else rewrapped += (await write(row, made)).count;
      }
    }
  }
  if (rewrapped > 0)
    await transact(ctx.db, (tx) =>
      audit(tx, ctx, 'installation.rewrap-keys', { id: wrapsUnder, name: 'key-encryption key' }, { under: wrapsUnder, rewrapped, left }),
    );
  return { rewrapped, left };
}

/** null where it cannot be opened: that keeps no other from being brought under. */
function attempt(rewrap: () => SealedSecret): SealedSecret | null {
  try {
    return rewrap();
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'key-unreadable') return null;
    throw error;
  }
}
