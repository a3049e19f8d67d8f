// The contract of an endpoint as it is asked for, stored and answered. Everything with a default may be left out;
// a use case completes what depends on the organisation (environment, TTL class, port). See "The contract" in ARCHITECTURE.md.
import { z } from 'zod';
import { views } from '../dns/view.ts';
import { contractKeys } from '../pki/profile.ts';

/** Upper bound on any hostname text before parsing; parsing itself enforces RFC 1035's 253. */
const hostnameText = z.string().min(1, 'A hostname is needed.').max(1024, 'A hostname has at most 253 characters.');

export const slug = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'Use lower-case letters, digits and inner hyphens.');

export const view = z.enum(views);

export const ttlClass = z.enum(['cutover', 'service', 'stable']);
export const ttl = z.union([ttlClass, z.number().int().min(1).max(604_800)]);

const ipAddress = z.union([z.ipv4(), z.ipv6()], 'Give an IPv4 or an IPv6 address.');

/** Where the name leads: exactly one of the three. */
export const target = z.union(
  [
    z.strictObject({ addresses: z.array(ipAddress).min(1).max(16) }),
    z.strictObject({ cname: hostnameText }),
    z.strictObject({ cluster: slug }),
  ],
  'Give exactly one of addresses, cname or cluster.',
);
export type Target = z.infer<typeof target>;

export const tlsTermination = z.enum(['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls', 'none']);
export const tlsSource = z.enum(['internal-ca', 'acme', 'vault', 'acm', 'key-vault', 'imported']);
export const challenge = z.enum(['none', 'dns-01', 'http-01', 'tls-alpn-01']);
export const keyAlgorithm = z.enum(contractKeys);

export const tls = z
  .strictObject({
    termination: tlsTermination.default('edge'),
    source: tlsSource.default('internal-ca'),
    challenge: challenge.default('none'),
    key: keyAlgorithm.default('ecdsa-p256'),
    /** Further names on the certificate; each is admitted by the same rules as the hostname. */
    extraNames: z.array(hostnameText).max(20).default([]),
    /** PKCS#10 in PEM: the requester keeps the private key. */
    csr: z.string().max(16_384).optional(),
  })
  .prefault({});

export const routing = z
  .strictObject({
    /** Port on which users reach the name; the zone's default where left out. */
    port: z.number().int().min(1).max(65_535).optional(),
    healthPath: z
      .string()
      .max(512)
      .regex(/^\/[\x21-\x7e]*$/, 'A path starts with "/" and has no spaces.')
      .default('/health'),
  })
  .prefault({});

export const owners = z
  .strictObject({
    escalation: z.string().max(200).optional(),
  })
  .prefault({});

/** What a requester sends. Strict: an unknown field is an error that names it, never silently dropped. */
export const endpointContract = z.strictObject({
  hostname: hostnameText,
  team: slug,
  environment: slug.optional(),
  view: view.default('public'),
  target,
  ttl: ttl.default('service'),
  tls,
  routing,
  owners,
  /** Why this is needed; shown to reviewers, kept in the audit trail. */
  justification: z.string().max(2000).optional(),
});
export type EndpointContractInput = z.input<typeof endpointContract>;
export type EndpointContract = z.output<typeof endpointContract>;
