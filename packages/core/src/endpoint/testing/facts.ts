// An endpoint that is as approved in every layer, and its parts: a test names only what differs.
import { stepsOf } from '../../operation/purpose.ts';
import type { EndpointFacts, OperationFact } from '../facts.ts';
import type { DnsAnswer, DnsObserved, EndpointObservationDetail, EndpointObserved } from '../observation.ts';

export const now = new Date('2026-11-20T12:00:00Z');
export const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
export const days = (count: number): Date => minutes(count * 24 * 60);
export const hostname = 'orders.example.test';
export const address = '192.0.2.10';
export const recordSet = { name: hostname, type: 'A', ttl: 60, values: [address] };

export const answer = (more: Partial<DnsAnswer> = {}): DnsAnswer => ({
  type: 'A',
  expected: [address],
  expectedTtl: 60,
  withdrawn: null,
  server: 'ns1',
  rcode: 'NOERROR',
  authoritative: true,
  values: [address],
  ttl: 60,
  otherTtl: null,
  cut: null,
  serial: 1,
  primarySerial: null,
  milliseconds: 1,
  error: null,
  ...more,
});

/** What one name server answered, to one question where none is given. */
export const dns = (source = 'ns1', ...answers: readonly Partial<DnsAnswer>[]): DnsObserved => ({
  source,
  ok: true,
  observedAt: minutes(-5),
  since: minutes(-5),
  detail: {
    address: '192.0.2.53:53',
    answers: (answers.length === 0 ? [{}] : answers).map((more) => answer({ server: source, ...more })),
  },
});

type Presented = NonNullable<EndpointObservationDetail['tls']>;
export const presented = (more: Partial<Presented> = {}): Presented => ({
  protocol: 'TLSv1.3',
  serial: '0A1B',
  fingerprint: null,
  notAfter: null,
  subjectAltNames: [],
  chainLength: 2,
  verifyError: null,
  ...more,
});

export const reached = (more: Partial<EndpointObservationDetail> = {}): EndpointObservationDetail => ({
  address,
  resolvedBy: 'servers',
  failedLayer: null,
  error: null,
  tcpMilliseconds: 1,
  tlsMilliseconds: 2,
  httpMilliseconds: 3,
  tls: presented(),
  httpStatus: 200,
  expectedSerial: '0A1B',
  ofView: null,
  ...more,
});

/** What one address of the endpoint answered. */
export const seen = (more: Partial<EndpointObservationDetail> = {}, observedAt = minutes(-5), at = address): EndpointObserved => ({
  source: `${at}:443`,
  ok: true,
  observedAt,
  since: observedAt,
  detail: reached({ address: at, ...more }),
});
/** Nothing behind the layer that failed was asked. */
export const failedAt = (failedLayer: EndpointObservationDetail['failedLayer'], error: string | null = 'it broke') => ({
  failedLayer,
  error,
  tls: failedLayer === 'http' ? presented() : null,
  httpStatus: null,
});

/** Work that is under way. */
export const operation = (more: Partial<OperationFact> = {}): OperationFact => ({
  state: 'waiting',
  lane: 'work',
  purpose: 'revision',
  steps: [...stepsOf('endpoint', more.purpose ?? 'revision')],
  step: 'records-applied',
  reason: 'Waits for the name server.',
  movesNext: 'the name servers',
  error: null,
  // As a run leaves it that met the error.
  trail: more.error
    ? [{ step: more.step ?? 'records-applied', state: 'waiting', at: minutes(-1).toISOString(), message: more.error.message }]
    : [],
  since: minutes(-1),
  nextAttempt: minutes(1),
  ...more,
});
export const refused = { code: 'dns-refused', message: 'ns1 refused the update.', remedy: 'Check the key.' };
/** Work that met an error and goes on. */
export const stuck = (step: string, more: Partial<OperationFact> = {}): OperationFact => operation({ step, error: refused, ...more });

export const certificate = (more: Partial<NonNullable<EndpointFacts['certificate']>> = {}) => ({
  serial: 'A1B',
  state: 'served' as const,
  notBefore: days(-10),
  notAfter: days(80),
  issuedAt: minutes(-50),
  takenEnds: null,
  ...more,
});

export const notRevoked: EndpointFacts['notRevoked'][number] = {
  serial: '0A1B2C3D4E5F',
  issuer: 'Example CA',
  refusal: 'It issued no such certificate.',
  refusedAt: minutes(-5),
  notAfter: days(80),
};

export const revision: EndpointFacts['revision'] = {
  number: 2,
  approvedAt: minutes(-60),
  takesBack: null,
  retires: false,
  certificateOnly: false,
  recordSets: [recordSet],
  usesTls: true,
  keyIsTheirs: false,
  brought: false,
};

export const facts = (more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  hostname,
  state: 'live',
  revision,
  operation: null,
  dns: [dns('ns1'), dns('ns2')],
  endpoint: [seen()],
  certificate: certificate(),
  signingError: null,
  notRevoked: [],
  nextCheckAt: minutes(10),
  now,
  ...more,
});
