// What of a draft cannot be read: by the schema of the API, in its words, and by the names that the form gives its fields.
import { checkInput, requestInput } from '@hostmaster/core/contract/request';
import { violationsOf } from '@hostmaster/core/contract/violations';
import type { Violation } from '@/lib/problem';
import { type RequestDraft, withReadableTarget } from './form-values';

/** Whether whoever types has left a field: what is half typed may be right in the end. */
type Left = { readonly target: boolean; readonly ttl: boolean };

/** What the form calls the fields of a contract, the inner before the outer. */
const labels: readonly (readonly [string, string])[] = [
  ['hostname', 'Hostname'],
  ['team', 'Team'],
  ['view', 'View'],
  ['environment', 'Environment'],
  ['target', 'Points to'],
  ['ttl', 'Time to live'],
  ['tls.extraNames', 'Subject alternative names'],
  ['tls.csr', 'Certificate signing request'],
  ['tls.source', 'Issuer'],
  ['tls.challenge', 'Proof for the CA'],
  ['tls.key', 'Key'],
  ['tls.days', 'Lifetime'],
  ['tls.hours', 'Lifetime'],
  ['tls.usages', 'Used by'],
  ['tls.addresses', 'Private IPs on the certificate'],
  ['tls.spiffeId', 'SPIFFE ID'],
  ['tls.mustStaple', 'OCSP must-staple'],
  ['tls', 'TLS termination'],
  ['routing.port', 'Port'],
  ['routing', 'Health path'],
  ['owners', 'Escalation'],
  ['justification', 'Why it is needed'],
];

const labelOf = (path: string): string => labels.find(([field]) => path === field || path.startsWith(`${field}.`))?.[1] ?? 'A field';

/** How many fields of the form say what is wrong: one may say several things. @param paths of a request, in dots */
export const fieldsAt = (paths: readonly string[]): number => new Set(paths.map((path) => labelOf(path.replace(/^contract\./, '')))).size;

/**
 * What of a draft cannot be read, in the words in which it would be refused, at the field that it is about. Nothing of what nobody typed
 * yet: the name, the seconds of a TTL, and where the name leads before that was left.
 */
export function unreadableIn(draft: RequestDraft, left: Left): Violation[] {
  const { error } = requestInput.safeParse(draft);
  if (error === undefined) return [];
  const { hostname, target } = draft.contract;
  const untyped = {
    hostname: hostname === '',
    target: !left.target || Object.values(target).every((value) => value.length === 0),
    ttl: !left.ttl,
  };
  return violationsOf(error.issues, draft).filter(({ path = '' }) => {
    const [, field = ''] = path.split('.');
    return !Object.entries(untyped).some(([name, is]) => is && name === field);
  });
}

/**
 * The fields that hold what cannot be read, by the form's own names; the target is judged apart, and a name that nobody has
 * typed yet is no fault.
 */
export function unreadableFields(draft: RequestDraft): string[] {
  const { error } = checkInput.safeParse(withReadableTarget(draft));
  const paths = (error?.issues ?? []).map(({ path }) => path.slice(1).join('.'));
  const wrong = paths.filter((path) => path !== 'hostname' || draft.contract.hostname !== '');
  return [...new Set(wrong.map(labelOf))];
}
