// When a CA must have a successor. Leaves end no later than the CA that signed them, so one that ends soon signs ever shorter ones.
import { day } from '../duration.ts';
import { readCertificate } from './certificate.ts';
import { splitPem } from './chain.ts';
import { serverProfile } from './profile.ts';
import type { Validity } from './renewal.ts';

/** Twice what a leaf lives for which nobody asked for longer: whoever must help has months, and none such is cut short meanwhile. */
export const successorLeadDays = 180;

/** When a CA that is to need no successor yet must end at the earliest. */
export const successorDueBy = (now: Date): Date => new Date(now.getTime() + successorLeadDays * day);

/** When a CA that begins to sign now must end at the earliest, so that it signs a whole certificate of the usual lifetime. */
export const outlivesLeavesFrom = (now: Date): Date => new Date(now.getTime() + serverProfile.lifetimeDays * day);

/** The validity of the signing certificate of a chain; null where the issuer says with every certificate who signed it. Errors: invalid-input. */
export function signingValidity(chainPem: string): Validity | null {
  if (chainPem === '') return null;
  const [signing] = splitPem(chainPem);
  return signing === undefined ? null : readCertificate(signing);
}
