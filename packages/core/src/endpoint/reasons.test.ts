import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../error-table.ts';
import { conditionReasons, faults, findingCodes, isFault, moverOf, reasonOfError } from './reasons.ts';

// Alerts, webhooks and clients are keyed by these: a code may be added here, and none is ever changed or taken away.
const quiet =
  'Approved TakenBack Applied Observed AllServersAgree Issued Served Answered NotNeeded Retired NotObserved InProgress Pending'.split(' ');
const ofDns =
  'ServerUnreachable NameDelegated NameRedirected ServerRefused ServerNotAuthoritative ServerAhead PrimaryDiffers ServerDisagrees TtlDiffers'.split(
    ' ',
  );
const ofCertificate = 'Expired Revoked NotReached OtherCertificateServed ChainNotTrusted'.split(' ');
const ofReach = 'NoAddress AddressForbidden TcpFailed TlsFailed HttpFailed'.split(' ');
const ofErrors: Readonly<Record<ErrorCode, string>> = {
  'invalid-input': 'InvalidInput',
  'unsupported-media-type': 'UnsupportedMediaType',
  'body-too-large': 'BodyTooLarge',
  'not-signed-in': 'NotSignedIn',
  'sign-in-failed': 'SignInFailed',
  forbidden: 'Forbidden',
  'not-found': 'NotFound',
  'method-not-allowed': 'MethodNotAllowed',
  conflict: 'Conflict',
  'already-exists': 'AlreadyExists',
  'in-use': 'InUse',
  'last-admin': 'LastAdmin',
  'person-disabled': 'PersonDisabled',
  'link-ended': 'LinkEnded',
  'policy-denied': 'PolicyDenied',
  'self-review': 'SelfReview',
  'plan-changed': 'PlanChanged',
  'plan-stale': 'PlanStale',
  'plan-unsafe': 'PlanUnsafe',
  'idempotency-mismatch': 'IdempotencyMismatch',
  'idempotency-in-progress': 'IdempotencyInProgress',
  'rate-limited': 'RateLimited',
  'quota-reached': 'QuotaReached',
  unsupported: 'Unsupported',
  'dns-refused': 'DnsRefused',
  'dns-no-updates': 'DnsNoUpdates',
  'dns-not-served': 'DnsNotServed',
  'dns-bad-key': 'DnsBadKey',
  'dns-server-failed': 'DnsServerFailed',
  'dns-unreachable': 'DnsUnreachable',
  'dns-malformed': 'DnsMalformed',
  'dns-not-applied': 'DnsNotApplied',
  'issuer-refused': 'IssuerRefused',
  'issuer-unavailable': 'IssuerUnavailable',
  'delivery-failed': 'DeliveryFailed',
  'key-unreadable': 'KeyUnreadable',
  'address-forbidden': 'AddressForbidden',
  unavailable: 'Unavailable',
  internal: 'Internal',
};
const sorted = (codes: Iterable<string>) => [...codes].sort();
const bad = [...ofDns, ...ofCertificate, ...ofReach, ...Object.values(ofErrors)];

describe('the codes', () => {
  it('of conditions are these, each once', () => expect(sorted(conditionReasons)).toEqual(sorted(new Set([...quiet, ...bad]))));

  it('of findings are these, each once: what is bad, a renewal that is overdue, an issuer that ends, a certificate that was not revoked', () =>
    expect(sorted(findingCodes)).toEqual(sorted(new Set([...bad, 'RenewalOverdue', 'IssuerEnds', 'NotRevoked', 'NotTaken']))));

  it.each(Object.keys(errorTable))('of the error %s is its name in another spelling', (code) =>
    expect(reasonOfError(code)).toBe(ofErrors[code as ErrorCode]),
  );

  it.each(['of-old', '', 'to-string'])('of the error %s, which is in the table no more, is Internal', (code) =>
    expect(reasonOfError(code)).toBe('Internal'),
  );

  it('of faults have a remedy and an owner', () => {
    expect(sorted(Object.keys(faults))).toEqual(
      sorted([...ofDns, ...ofCertificate, ...ofReach, 'RenewalOverdue', 'IssuerEnds', 'NotRevoked', 'NotTaken']),
    );
    for (const { remedy, movesNext } of Object.values(faults)) {
      expect(remedy).toMatch(/^[A-Z].{20,}\.$/);
      expect(movesNext).toMatch(/^(whoever runs|whoever changed|a platform admin|the|hostmaster)\b/);
    }
  });

  it.each([
    ['NoAddress', 'orders'],
    ['TcpFailed', 'orders'],
    ['HttpFailed', 'orders'],
    ['AddressForbidden', 'a platform admin'],
    ['TlsFailed', 'whoever runs the server that ends TLS'],
    ['ServerRefused', 'whoever runs the name server'],
  ] as const)('%s of a name of the team "orders" is mended by: %s', (fault, mover) => expect(moverOf(fault, 'orders')).toBe(mover));

  it.each([
    ['ServerRefused', true],
    ['RenewalOverdue', true],
    ['Approved', false],
    ['DnsRefused', false],
    ['toString', false],
  ])('%s: what was seen is wrong? %s', (code, is) => expect(isFault(code)).toBe(is));
});
