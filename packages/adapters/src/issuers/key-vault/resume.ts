// What an order at a vault goes on from, and what it is answered with.
import { foreignWords } from '@hostmaster/core/foreign-words';
import { orderedNameOf } from '@hostmaster/core/key-vault/name';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import type { CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { z } from 'zod';
import type { Vault } from '../../destinations/key-vault/vault.ts';
import { type Bundle, fingerprintOf } from './certificate.ts';
import type { Operation } from './operation.ts';
import { nameIn, referenceOf } from './reference.ts';
import type { OrderingSettings } from './settings.ts';

/**
 * The name in the vault; once what stands there was looked at, and the vault is about to be asked (`asked`): the leaf that was there before
 * (`after`, SHA-256), and the operation (`before`).
 */
export const keyVaultResume = z.object({
  name: z.string(),
  after: z.string().nullable(),
  before: z.string().nullable(),
  asked: z.boolean(),
});
export type KeyVaultResume = z.output<typeof keyVaultResume>;

export type OrderDeps = {
  readonly vault: Vault;
  readonly settings: OrderingSettings;
  readonly now: () => Date;
  readonly saw: (trail: OrderTrail) => void;
};
/** What stands under the name. */
export type Found = { readonly bundle: Bundle | null; readonly operation: Operation | null };

/** The next version of what it replaces for the same team, whatever its names and its key are; else one that is called after whose it is. */
export function begin({ id, names, lineage = id, replaces, replacesAs }: CertificateOrder): Resume {
  const [first = ''] = names;
  const anew: KeyVaultResume = { name: orderedNameOf(first, lineage), after: null, before: null, asked: false };
  const name = replacesAs === undefined ? null : nameIn(replacesAs);
  return name === null || replaces === undefined ? anew : { ...anew, name, after: fingerprintOf(replaces) };
}

const heldSeconds = 15 * 60;
const longestWords = 2000;
const mostNames = 1000;

type Wait = { readonly message: string; readonly movesNext: string; readonly seconds: number };

export const pending = ({ vault }: Pick<OrderDeps, 'vault'>, resume: KeyVaultResume, { message, movesNext, seconds }: Wait): Progress => ({
  outcome: 'pending',
  resume,
  reference: referenceOf(vault, resume.name),
  message,
  movesNext,
  retryAfterSeconds: seconds,
});

export const asked = (deps: OrderDeps, resume: KeyVaultResume): Progress =>
  pending(deps, resume, { message: `${deps.vault.name} is asked for the certificate.`, movesNext: hostmaster, seconds: 0 });

/** Somebody else's, under the name: nothing is done to it, and it is looked at again. */
export const held = (deps: OrderDeps, resume: KeyVaultResume, what: string, remedy: string): Progress =>
  pending(deps, resume, {
    message: `${what} ${resume.name} in ${deps.vault.name} was not ordered by Hostmaster, and is left as it is. ${remedy}`,
    movesNext: deps.vault.use.runs(deps.vault.name),
    seconds: heldSeconds,
  });

/** The leaf alone: what is above it stands in the secret, beside the key. */
export const issued = ({ vault }: OrderDeps, { name }: KeyVaultResume, { cer = new Uint8Array() }: Bundle): Progress => ({
  outcome: 'issued',
  chain: [cer],
  reference: referenceOf(vault, name),
});

export function trailOf({ status, details, error, names }: Operation): OrderTrail {
  const word = foreignWords(status).slice(0, 64);
  const problem = error === null ? details : `${error.code}: ${error.message}`;
  const authorizations = (names ?? []).slice(0, mostNames).map((name) => ({ name: foreignWords(name), status: word, challenges: [] }));
  return { status: word, problem: problem === '' ? null : foreignWords(problem).slice(0, longestWords), authorizations };
}
