// The reference of an issuer that others run: it answers only when it is asked again, is told of what is revoked, and says when it
// wants a certificate renewed. It signs with the internal CA that it is given, and remembers like a server would.
import { randomUUID } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { CertificateIssuer, IssuerCapabilities, Resume, RevocationReason } from '@hostmaster/core/pki/issuer';
import { z } from 'zod';

export type SlowIssuer = CertificateIssuer & {
  /** Serials, upper-case hex, with the reason that came first. */
  readonly revoked: ReadonlyMap<string, RevocationReason>;
  /** How many orders were placed. */
  readonly placed: () => number;
  /** How often it was asked for any of them. */
  readonly asked: () => number;
};

const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: true,
  renewalWindow: true,
  authority: { no: 'its keys are not kept here' },
  keepsKey: { no: 'it signs for a key of ours, or of a requester' },
  changeKey: { no: 'it has no account' },
};
const stored = z.object({ order: z.string().nullable() });

/**
 * @param signs what it signs with. @param turns how often it is asked until it has signed.
 * @param retryAfterSeconds when it wants to be asked again; null: it does not say
 */
export function createSlowIssuer(signs: CertificateIssuer, turns = 2, retryAfterSeconds: number | null = 1): SlowIssuer {
  const orders = new Map<string, { readonly resume: Resume; asked: number }>();
  const issued = new Set<string>();
  const revoked = new Map<string, RevocationReason>();
  const serialOf = (leaf: Uint8Array): string => describeCertificate(leaf).serial;

  return {
    capabilities,
    revoked,
    placed: () => orders.size,
    asked: () => [...orders.values()].reduce((sum, { asked }) => sum + asked, 0),
    begin: () => ({ order: null }),

    async issue(order, resume, signal) {
      signal.throwIfAborted();
      const reference = stored.parse(resume).order ?? randomUUID();
      const known = orders.get(reference) ?? { resume: signs.begin(order), asked: 0 };
      orders.set(reference, known);
      known.asked += 1;
      if (known.asked < turns) {
        const message = 'The order was placed and is looked at.';
        return { outcome: 'pending', resume: { order: reference }, reference, message, movesNext: 'the issuer', retryAfterSeconds };
      }
      const progress = await signs.issue(order, known.resume, signal);
      if (progress.outcome === 'issued' && progress.chain[0] !== undefined) issued.add(serialOf(progress.chain[0]));
      return progress;
    },

    async revoke(leaf, reason, signal) {
      signal.throwIfAborted();
      const serial = serialOf(leaf);
      if (!issued.has(serial)) throw new HostmasterError('issuer-refused', 'It issued no such certificate.');
      if (!revoked.has(serial)) revoked.set(serial, reason);
    },

    async renewalWindow(leaf, signal) {
      signal.throwIfAborted();
      const { notBefore, notAfter } = readCertificate(leaf);
      const at = (share: number): Date => new Date(notBefore.getTime() + share * (notAfter.getTime() - notBefore.getTime()));
      return { start: at(0.5), end: at(0.6) };
    },
  };
}
