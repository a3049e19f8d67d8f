// The contract of an endpoint: as it is asked for, where everything with a default may be left out, and completed, where
// nothing is left to a default any more; as such it is stored (stored-contract.ts) and answered. What follows from the
// organisation (environment, port) a decision fills in (policy/admitted.ts). docs/contract.md says which fields act.
import { z } from 'zod';
import { views } from '../dns/view.ts';
import { contractKeys, defaultContractKey } from '../pki/profile.ts';
import { edge } from './edge.ts';
import { port } from './network.ts';
import { readableText } from './readable.ts';

/** `group/version`, as Kubernetes writes it. Fields that change their meaning, appear with a default or go make another version. */
export const contractVersion = 'hostmaster/v1';

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

export const addressesTarget = z.strictObject({ addresses: z.array(ipAddress).max(16) });
export const clusterTarget = z.strictObject({ cluster: slug });
const cnameTarget = z.strictObject({ cname: hostnameText });

/** Where the name leads: exactly one of the three. */
export const target = z.union(
  [z.strictObject({ addresses: addressesTarget.shape.addresses.min(1) }), cnameTarget, clusterTarget],
  'Give exactly one of addresses, cname or cluster.',
);

export const tlsTermination = z.enum(['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls', 'none']);
export const tlsSource = z.enum(['internal-ca', 'acme', 'vault', 'acm', 'key-vault', 'imported']);
const challenge = z.enum(['none', 'dns-01', 'http-01', 'tls-alpn-01']);
export const keyAlgorithm = z.enum(contractKeys);

export const completedTls = z.strictObject({
  termination: tlsTermination.describe('Where TLS ends; with "none" there is no certificate.'),
  source: tlsSource.describe('Where the certificate comes from.'),
  challenge: challenge.describe('How control of the name is shown to an ACME server.'),
  key: keyAlgorithm
    .optional()
    .describe(
      `The key of the certificate; ${defaultContractKey} where left out. A CSR brings its own: leave it out there, or name that one.`,
    ),
  extraNames: z
    .array(hostnameText)
    .max(20)
    .describe('Further names on the certificate; each is admitted by the same rules as the hostname.'),
  csr: z.string().max(16_384).optional().describe('PKCS#10 in PEM: the requester keeps the private key.'),
});

/** Name of an object in Kubernetes: a DNS subdomain (RFC 1123). */
const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'Use lower-case letters, digits, inner hyphens and dots.');

/** A port by its name in the service (RFC 6335 §5.1). */
const portName = z
  .string()
  .max(15)
  .regex(/^(?=.*[a-z])[a-z0-9](?:-?[a-z0-9])*$/, 'A port is named by lower-case letters, digits and inner hyphens.');

const backend = z
  .strictObject({
    namespace: slug.describe('Where the route and the service are.'),
    service: slug.describe('The Service that answers.'),
    port: z
      .union([port, portName], 'Give the number of the port, or its name in the service.')
      .describe('The port of the Service, by its number or its name.'),
    protocol: z.enum(['http', 'https', 'grpc', 'grpcs']).describe('What is spoken to the service; with an s over TLS.'),
    tls: z
      .strictObject({
        serverName: objectName.describe('Name that the certificate of the service is checked for.'),
        ca: objectName.describe('Name of the object with the CA that the certificate of the service is checked against.'),
      })
      .partial(),
  })
  .partial();

export const completedRouting = z.strictObject({
  port: port.describe('Port on which users reach the name; that of the zone where left out.'),
  healthPath: z
    .string()
    .max(512)
    .regex(/^\/[\x21-\x7e]*$/, 'A path starts with "/" and has no spaces.')
    .describe('Path that the probe asks for: the characters of RFC 3986 §3.3, without a query.'),
  expectedStatus: z
    .number()
    .int()
    .min(100)
    .max(599)
    .optional()
    .describe('Recorded only: the status of a healthy answer. The probe takes any below 400.'),
  api: z.enum(['ingress', 'gateway']).optional().describe('Recorded only: the Kubernetes API that routes the name.'),
  className: objectName.optional().describe('Recorded only: the IngressClass or GatewayClass.'),
  gateway: z
    .strictObject({
      namespace: slug.optional().describe('Where the Gateway is; the namespace of the route where left out.'),
      name: objectName.describe('The Gateway that the route attaches to.'),
    })
    .optional()
    .describe('Recorded only: the Gateway that the route attaches to.'),
  backend: backend.optional().describe('Recorded only: the service behind it, and how it is spoken to.'),
});

const owner = slug.optional();
const owners = z.strictObject({
  app: owner.describe('Recorded only: who answers for the application.'),
  dns: owner.describe('Recorded only: who answers for the record.'),
  certificate: owner.describe('Recorded only: who answers for the certificate.'),
  rotation: owner.describe('Recorded only: who rotates the certificate where that is not done here.'),
  escalation: z.string().max(200).optional().describe('Recorded only: who is called when it breaks.'),
});

export const completedContract = z
  .strictObject({
    apiVersion: z.literal(contractVersion).describe('The version that the contract is written in; the current one where left out.'),
    hostname: hostnameText.describe('The name, in any case, with or without the last dot, as U-labels or A-labels.'),
    team: slug.describe('Whose the name is; of a transfer, who receives it.'),
    environment: slug.optional().describe("Follows from the team's grants where they offer only one."),
    view: view.describe('Who the name is answered to.'),
    target: z.union([addressesTarget, cnameTarget, clusterTarget]).describe('Where the name leads.'),
    ttl: ttl.describe('A class, or seconds.'),
    tls: completedTls,
    routing: completedRouting,
    edge,
    owners,
    justification: z.string().max(2000).optional().describe('Why this is needed: shown to reviewers, kept in the audit trail.'),
  })
  .meta({ id: 'EndpointContract' });

const { shape } = completedContract;

/** What a requester sends. Strict: an unknown field is an error that names it, never silently dropped. */
export const endpointContract = completedContract.extend({
  apiVersion: shape.apiVersion.default(contractVersion),
  view: shape.view.default('public'),
  target: target.describe('Where the name leads: exactly one of addresses, cname and cluster.'),
  ttl: shape.ttl.default('service'),
  tls: completedTls
    .extend({
      termination: completedTls.shape.termination.default('edge'),
      source: completedTls.shape.source.default('internal-ca'),
      challenge: completedTls.shape.challenge.default('none'),
      extraNames: completedTls.shape.extraNames.default([]),
    })
    .prefault({}),
  routing: completedRouting
    .extend({ port: completedRouting.shape.port.optional(), healthPath: completedRouting.shape.healthPath.default('/health') })
    .prefault({}),
  edge: edge.prefault({}),
  owners: owners
    .extend({
      escalation: readableText(200)
        .optional()
        .describe(owners.shape.escalation.description ?? ''),
    })
    .prefault({}),
  justification: readableText(2000)
    .optional()
    .describe(shape.justification.description ?? ''),
});
export type EndpointContractInput = z.input<typeof endpointContract>;
export type EndpointContract = z.output<typeof endpointContract>;
