import { day, hour, minute } from '../duration.ts';
import { HostmasterError } from '../errors.ts';
import { mostDays } from './lifetime.ts';
import type { Validity } from './renewal.ts';

/** The key algorithms a profile can allow; RSA covers 2048 to 4096 bits (key-policy.ts). */
export const keyAlgorithms = ['ecdsa-p256', 'ecdsa-p384', 'rsa'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** A key by its algorithm and, for RSA, its length: what contracts ask for, rows keep and people read. */
export type KeyName = Exclude<KeyAlgorithm, 'rsa'> | `rsa-${number}`;
export const keyName = ({ algorithm, bits }: { readonly algorithm: KeyAlgorithm; readonly bits: number }): KeyName =>
  algorithm === 'rsa' ? `rsa-${bits}` : algorithm;
/** The length in the name of an RSA key; null for the others, whose algorithm says it. */
export const rsaBits = (name: KeyName): number | null => (name.startsWith('rsa-') ? Number(name.slice('rsa-'.length)) : null);

/** The keys that a contract can ask for. */
export const contractKeys = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072'] as const satisfies readonly KeyName[];
export type ContractKey = (typeof contractKeys)[number];
export const defaultContractKey: ContractKey = 'ecdsa-p256';

/** The keys that a CA can be made with. */
export const authorityKeys = ['ecdsa-p256', 'ecdsa-p384', 'rsa-3072', 'rsa-4096'] as const satisfies readonly KeyName[];
export type AuthorityKey = (typeof authorityKeys)[number];

/** What an issuer may put into a leaf certificate. */
export type CertificateProfile = {
  readonly name: string;
  /** Where nobody asks for another: notAfter lies this many days after notBefore, both seconds included (RFC 5280 §4.1.2.5). */
  readonly lifetimeDays: number;
  /** No more than these, whoever asks. */
  readonly mostDays: number;
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly maxNames: number;
};

export const serverProfile: CertificateProfile = {
  name: 'server',
  lifetimeDays: 90,
  mostDays,
  keyAlgorithms,
  maxNames: 100,
};

/** Every profile there is, by the name that an issuer's row has. */
export const profiles: ReadonlyMap<string, CertificateProfile> = new Map([serverProfile].map((profile) => [profile.name, profile]));

/** Errors: unsupported where nobody knows the name, as after a step back to an older version. */
export function profileNamed(name: string): CertificateProfile {
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  throw new HostmasterError('unsupported', `There is no profile ${name}, only ${[...profiles.keys()].join(', ')}.`);
}

const backdateMinutes = 5;

const wholeSecond = (time: number): Date => new Date(Math.floor(time / 1000) * 1000);

/** When what is signed now begins: a little in the past, because clocks that run behind must accept it too. Whole seconds. */
export const backdated = (now: Date): Date => wholeSecond(now.getTime() - backdateMinutes * minute);

/** What an order for so many hours is for, in milliseconds: as long as the profile gives where it says none, and never longer than that allows. */
const lifetimeOf = ({ lifetimeDays, mostDays }: CertificateProfile, hours = lifetimeDays * 24): number =>
  Math.min(hours * hour, mostDays * day);

/** No certificate of the order is valid for longer, both seconds included. */
export function longestValidity(profile: CertificateProfile, hours?: number): number {
  const lifetime = lifetimeOf(profile, hours);
  return lifetime < day ? lifetime + backdateMinutes * minute : lifetime;
}

/**
 * The validity of a new order, whole seconds: from five minutes ago for so many hours, at most what the profile allows, and within that of
 * the issuer, which may have been signed elsewhere a moment ago. Of less than a day the five minutes are no part: they would be a twelfth of
 * an hour.
 */
export function orderValidity(profile: CertificateProfile, issuer: Validity, now: Date, hours?: number): Validity {
  const notBefore = new Date(Math.max(backdated(now).getTime(), issuer.notBefore.getTime()));
  const lifetime = lifetimeOf(profile, hours);
  const from = lifetime < day ? now : notBefore;
  // The last second counts, so a lifetime of n hours ends one second before they have passed.
  const notAfter = Math.min(from.getTime() + lifetime - 1000, issuer.notAfter.getTime());
  return { notBefore, notAfter: wholeSecond(notAfter) };
}
