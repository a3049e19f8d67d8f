// What is stored of one answer of the outside world: the prober's facts beside what was expected of them at that moment.
// Written by the use cases that look, parsed whenever it is read; `ok` on the row is what the judge (judge.ts) said then.
import { z } from 'zod';
import { views } from '../dns/view.ts';
import { resolvers } from '../probe/prober.ts';

/** Who answered: a name server, or an address of the endpoint itself. */
export const observationKinds = ['dns', 'endpoint'] as const;

const milliseconds = z.number().nonnegative();
const texts = z.array(z.string()).readonly();

/** One server's answer for one type of the endpoint's name (a `DnsObservation`), and the values it should have been. */
export const dnsAnswer = z.object({
  type: z.string(),
  /** Sorted presentation values; empty where nothing should be there. */
  expected: texts,
  /**
   * Of a name that is to go: the values that it put there, which must not be answered any more. What else is answered is
   * somebody else's, or a wildcard's (RFC 4592), and is not held against it. null where `expected` is what should be there.
   */
  withdrawn: texts.nullable().default(null),
  /** The TTL it should have, in seconds; null where none was expected. */
  expectedTtl: z.number().int().nullable().default(null),
  server: z.string(),
  rcode: z.string().nullable(),
  authoritative: z.boolean(),
  values: texts,
  ttl: z.number().int().nullable(),
  otherTtl: z.number().int().nullable().default(null),
  /** What the server answered from in place of the name, where that stands in the name's zone and hides what it holds there. */
  cut: z
    .object({ type: z.enum(['NS', 'DNAME', 'SOA']), name: z.string(), leadsTo: texts })
    .nullable()
    .default(null),
  serial: z.number().int().nullable(),
  /** Of the same zone at the primary, read after this answer; null where nobody looked, or the answer is not from that zone. */
  primarySerial: z.number().int().nullable().default(null),
  milliseconds,
  error: z.string().nullable(),
});
export type DnsAnswer = z.infer<typeof dnsAnswer>;

/** `detail` of an observation of kind `dns`; its source is the server's name. */
export const dnsObservationDetail = z.object({
  /** `address:port` or the address that was asked. */
  address: z.string(),
  /** One for each record type that was asked for. */
  answers: z.array(dnsAnswer).min(1).readonly(),
});
export type DnsObservationDetail = z.infer<typeof dnsObservationDetail>;

/** `detail` of an observation of kind `endpoint` (an `EndpointObservation`); its source is `address:port`. */
export const endpointObservationDetail = z.object({
  address: z.string(),
  /** Who said that the name leads there: the zone's servers, a resolver, or the contract alone, because neither of them said anything. */
  resolvedBy: z.enum([...resolvers, 'contract']).default('contract'),
  failedLayer: z.enum(['dns', 'guard', 'tcp', 'tls', 'http']).nullable(),
  error: z.string().nullable(),
  tcpMilliseconds: milliseconds.nullable(),
  tlsMilliseconds: milliseconds.nullable(),
  httpMilliseconds: milliseconds.nullable(),
  tls: z
    .object({
      protocol: z.string().nullable(),
      serial: z.string().nullable(),
      fingerprint: z.string().nullable(),
      notAfter: z.string().nullable(),
      subjectAltNames: texts,
      chainLength: z.number().int(),
      verifyError: z.string().nullable(),
    })
    .nullable(),
  httpStatus: z.number().int().nullable(),
  /** Serial of the certificate that should be served; null where none should. */
  expectedSerial: z.string().nullable(),
  /** Where that is the certificate of the team's endpoint of the same name in another view: which. */
  ofView: z.enum(views).nullable().default(null),
});
export type EndpointObservationDetail = z.infer<typeof endpointObservationDetail>;

type Observed<Detail> = {
  readonly source: string;
  readonly ok: boolean;
  readonly observedAt: Date;
  /** Since when `ok` has had this value. */
  readonly since: Date;
  readonly detail: Detail;
};
export type DnsObserved = Observed<DnsObservationDetail>;
export type EndpointObserved = Observed<EndpointObservationDetail>;
