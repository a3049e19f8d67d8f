// One order at ACM, from whatever state it is found in to the next one that has to be waited for. A renewal is the same certificate, under the same
// ARN, once ACM has put another leaf there.
import type { CertificateDetail, DomainValidation } from '@aws-sdk/client-acm';
import { failureWords, overWords } from '@hostmaster/core/acm/words';
import { minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { hostmaster, theIssuer, tlsServer, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { sameNames } from '@hostmaster/core/pki/issued';
import type { CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { defaultContractKey } from '@hostmaster/core/pki/profile';
import type { StandingProofs } from '@hostmaster/core/pki/standing-proofs';
import { z } from 'zod';
import { aliasesOf, chainOf, describe, renewalOf, serialOf, unproved } from './certificate.ts';
import { lookFor, type Requesting, request } from './request.ts';

/**
 * What an order goes on from: its ARN; of a renewal `after`, the serial of the leaf whose successor is waited for; and of a request how many
 * came to nothing before it, and since when it may have been made, in milliseconds since 1970.
 */
export const acmResume = z.object({
  arn: z.string().nullable(),
  after: z.string().nullable(),
  attempt: z.number().int(),
  since: z.number().nullable(),
});
type AcmResume = z.output<typeof acmResume>;

export type OrderDeps = Requesting & {
  readonly proofs: StandingProofs;
  readonly now: () => Date;
  readonly saw: (trail: OrderTrail) => void;
};

/** A little less than the hour for which ACM knows a token. */
const knownMilliseconds = 55 * minute;
/** What was requested shows some seconds later. */
const newMilliseconds = 5 * minute;
const newSeconds = 3;
const validationSeconds = 30;
const renewalSeconds = 3600;
/** As a contract names keys; what ACM may have renewed under an ARN is only what the order wants. */
const longestWords = 2000;

/** Of a renewal that ACM does by itself: the same names with the same kind of key, for the same team. */
export function begin({ names, key = defaultContractKey, replaces, replacesAs }: CertificateOrder): Resume {
  const anew: AcmResume = { arn: null, after: null, attempt: 0, since: null };
  if (replaces === undefined || replacesAs === undefined) return anew;
  const { subjectAltNames, keyAlgorithm, serial } = describeCertificate(replaces);
  return sameNames(subjectAltNames, names) && keyAlgorithm === key ? { ...anew, arn: replacesAs, after: serial } : anew;
}

/** Errors: issuer-refused, issuer-unavailable, dns-*. */
export async function askOn(deps: OrderDeps, order: CertificateOrder, resume: AcmResume, signal: AbortSignal): Promise<Progress> {
  const { client, now } = deps;
  const { arn, since } = resume;
  if (arn === null) return place(deps, order, resume, signal);
  const found = await describe(client, arn, signal);
  if (found === null) {
    if (since === null || now().getTime() - since >= newMilliseconds) return again(deps, resume);
    return pending(resume, {
      message: `${client.name} has the request, and does not show it yet.`,
      movesNext: theIssuer,
      seconds: newSeconds,
    });
  }
  const { Status: status = '', FailureReason: reason = null, DomainValidationOptions: validations = [] } = found;
  deps.saw(trailOf(found));
  const over = overWords(status, reason);
  if (over !== null) throw new HostmasterError('issuer-refused', `${client.name} refused: ${over}`);
  if (status === 'PENDING_VALIDATION') return prove(deps, order, resume, validations, signal);
  if (status !== 'ISSUED') {
    // Nobody renews what has expired, or was revoked.
    if (resume.after !== null) return again(deps, resume);
    throw new HostmasterError('issuer-refused', `${client.name} has the certificate, and it is ${foreignWords(status)}.`);
  }
  const chain = await chainOf(client, arn, now(), signal);
  if (chain !== null && serialOf(chain) !== resume.after) {
    await keepProved(deps, order, validations, signal);
    return { outcome: 'issued', chain, reference: arn };
  }
  return renewal(deps, order, resume, found, signal);
}

/**
 * What proved it must stay, also where it stood already for another certificate of the account and nobody was waited for. A certificate that is
 * signed waits for no name server: what cannot be put now is put when it is renewed.
 */
async function keepProved(
  { proofs }: OrderDeps,
  { id }: CertificateOrder,
  validations: readonly DomainValidation[],
  signal: AbortSignal,
): Promise<void> {
  await proofs.put(id, aliasesOf(validations) ?? [], signal).catch((error: unknown) => {
    if (!(error instanceof HostmasterError)) throw error;
  });
}

type Wait = { readonly message: string; readonly movesNext: string; readonly seconds: number | null };

const pending = (resume: AcmResume, { message, movesNext, seconds }: Wait): Progress => ({
  outcome: 'pending',
  resume,
  reference: resume.arn,
  message,
  movesNext,
  retryAfterSeconds: seconds,
});

/** Another request: what is known of the one before came to nothing. */
const again = ({ client, now }: OrderDeps, { attempt }: AcmResume): Progress =>
  pending(
    { arn: null, after: null, attempt: attempt + 1, since: now().getTime() },
    { message: `${client.name} is asked for a certificate.`, movesNext: hostmaster, seconds: 0 },
  );

/** That it is about to be asked is stored before it is, so that whoever takes the order up knows for how long the token is good. */
async function place(deps: OrderDeps, order: CertificateOrder, resume: AcmResume, signal: AbortSignal): Promise<Progress> {
  const { client, now } = deps;
  const { attempt, since } = resume;
  const asked = { message: `${client.name} is asked for a certificate.`, movesNext: hostmaster, seconds: 0 };
  if (since === null) return pending({ ...resume, since: now().getTime() }, asked);
  const isKnown = now().getTime() - since < knownMilliseconds;
  const arn = isKnown ? await request(deps, order, attempt, signal) : await lookFor(deps, order, signal);
  return arn === null ? again(deps, resume) : pending({ ...resume, arn, since: now().getTime() }, asked);
}

async function prove(
  { client, proofs }: OrderDeps,
  order: CertificateOrder,
  resume: AcmResume,
  validations: readonly DomainValidation[],
  signal: AbortSignal,
): Promise<Progress> {
  const aliases = aliasesOf(validations);
  if (aliases === null)
    return pending(resume, {
      message: `${client.name} has the request, and does not say yet which CNAME it looks for.`,
      movesNext: theIssuer,
      seconds: newSeconds,
    });
  const wait = await proofs.put(order.id, aliases, signal);
  if (wait !== null) return pending(resume, { ...wait, seconds: null });
  return pending(resume, {
    message: `${client.name} says PENDING_VALIDATION of ${unproved(validations).join(', ')}: every server answers with the CNAME, and ACM looks for it by itself, mostly within half an hour.`,
    movesNext: theIssuer,
    seconds: validationSeconds,
  });
}

/** ACM renews by itself: nothing is asked of it, and what it needs for that is seen to. */
async function renewal(
  { client, proofs }: OrderDeps,
  order: CertificateOrder,
  resume: AcmResume,
  found: CertificateDetail,
  signal: AbortSignal,
): Promise<Progress> {
  const aliases = aliasesOf(found.DomainValidationOptions ?? []);
  const wait = aliases === null ? null : await proofs.put(order.id, aliases, signal);
  if (wait !== null) return pending(resume, { ...wait, seconds: null });
  const { status, why, eligible } = renewalOf(found);
  const said = why ?? `It says ${status === null ? 'nothing of a renewal yet' : status}; it begins about 60 days before the end.`;
  return pending(resume, {
    message: `${client.name} renews the certificate by itself, and has no other leaf yet. ${said}`,
    movesNext: why === null ? theIssuer : eligible === false ? tlsServer : zoneOwner,
    seconds: renewalSeconds,
  });
}

const bounded = (words: string): string => words.slice(0, longestWords);

function trailOf({ Status, FailureReason, DomainValidationOptions = [], RenewalSummary }: CertificateDetail): OrderTrail {
  const renewed = RenewalSummary?.DomainValidationOptions ?? [];
  return {
    status: foreignWords(Status ?? '').slice(0, 64),
    problem: FailureReason === undefined ? null : bounded(failureWords(foreignWords(FailureReason))),
    authorizations: (renewed.length > 0 ? renewed : DomainValidationOptions).slice(0, 1000).map((each) => {
      const status = foreignWords(each.ValidationStatus ?? '').slice(0, 64);
      return { name: foreignWords(each.DomainName ?? ''), status, challenges: [{ type: 'CNAME', status, problem: null }] };
    }),
  };
}
