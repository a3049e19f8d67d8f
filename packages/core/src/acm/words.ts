// What ACM says of a certificate, in sentences: its own word stands in each, so that it can be looked up.

/** FailureReason of a request or a renewal (https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html), with what mends it. */
const failures: Readonly<Record<string, string>> = {
  ADDITIONAL_VERIFICATION_REQUIRED: 'AWS wants to know more before it signs for such a name: open a case with AWS Support.',
  CAA_ERROR: 'a CAA record does not let Amazon sign: add 0 issue "amazon.com", or take the record away.',
  DOMAIN_NOT_ALLOWED: 'AWS takes a name for one that is not safe: open a case with AWS Support.',
  DOMAIN_VALIDATION_DENIED: 'somebody said no to AWS when it asked whether the name is theirs.',
  INVALID_PUBLIC_DOMAIN: 'a name lies below no public suffix that AWS knows: choose a name in public DNS.',
  NO_AVAILABLE_CONTACTS: 'AWS found nobody to ask: validation has to be by DNS.',
  OTHER: 'AWS gives no reason; mostly a name is misspelt.',
};

/** @param reason null where ACM gives none */
export const failureWords = (reason: string | null): string =>
  reason === null ? 'ACM gives no reason' : `${reason}: ${failures[reason] ?? 'see it in the console of ACM.'}`;

/** Why no certificate comes of a request any more; null where one may. */
export function overWords(status: string, reason: string | null): string | null {
  if (status === 'FAILED') return `the request is FAILED, ${failureWords(reason)}`;
  if (status === 'VALIDATION_TIMED_OUT')
    return 'the request is VALIDATION_TIMED_OUT: for 72 hours ACM did not see its CNAME in public DNS. See that the zone is delegated to the servers that Hostmaster writes to, and try again.';
  return null;
}

export type Renewed = {
  readonly eligibility: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  /** Names whose CNAME it does not see. */
  readonly unproved: readonly string[];
};

/** What keeps ACM from renewing; null where nothing is known to. */
export function renewalFault({ eligibility, status, reason, unproved }: Renewed): string | null {
  if (status === 'FAILED') return `The renewal is FAILED, ${failureWords(reason)}`;
  if (status === 'PENDING_VALIDATION')
    return `The renewal is PENDING_VALIDATION: ACM does not see the CNAME of ${unproved.join(', ') || 'its names'} in public DNS${reason === null ? '.' : ` (${failureWords(reason)})`}`;
  if (eligibility === 'INELIGIBLE')
    return 'It is INELIGIBLE for renewal: ACM renews what a load balancer or another service of AWS uses, and nothing uses it.';
  return null;
}
