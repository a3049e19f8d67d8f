// The contract of an endpoint: as it is asked for, where everything with a default may be left out, and completed, where
// nothing is left to a default any more; as such it is stored (stored-contract.ts) and answered. What follows from the
// organisation (environment, port) a decision fills in (policy/admitted.ts). docs/contract.md says which fields act.
import { z } from 'zod';
import { views } from '../dns/view.ts';
import { contentOf } from '../pki/leaf-content.ts';
import { leastHours, mostDays, mostHours } from '../pki/lifetime.ts';
import { contractKeys, defaultContractKey } from '../pki/profile.ts';
import { isSpiffeId, maxSpiffeId } from '../pki/spiffe-id.ts';
import { edge } from './edge.ts';
import { keyUsage } from './leaf-content.ts';
import { port } from './network.ts';
import { ownRule } from './own-rule.ts';
import { readableText } from './readable.ts';
import { named, told } from './told.ts';

/** `group/version`, as Kubernetes writes it. Fields that change their meaning, appear with a default or go make another version. */
export const contractVersion = 'hostmaster/v1';

/** Upper bound on any hostname text before parsing; parsing itself enforces RFC 1035's 253. */
const hostnameText = z.string().min(1, 'A hostname is needed.').max(1024, 'A hostname has at most 253 characters.');

export const slug = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'Use lower-case letters, digits and inner hyphens.');

export const view = named('View', z.enum(views), 'Who a name is answered to.');

export const ttlClass = named(
  'TtlClass',
  z.enum(['cutover', 'service', 'stable']),
  'How long answers may be kept: half a minute before a move, a minute usually, an hour for what never moves.',
);
export const ttl = z.union([ttlClass, z.number().int().min(1).max(604_800)]);

const ipAddress = z.union([z.ipv4(), z.ipv6()], 'Give an IPv4 or an IPv6 address.');

const addresses = told(z.array(ipAddress).max(16, 'There are at most 16 addresses.'), 'The addresses that it leads to.', [
  '192.0.2.10',
  '2001:db8::10',
]);
export const addressesTarget = z.strictObject({ addresses });
export const clusterTarget = named(
  'ClusterTarget',
  z.strictObject({ cluster: told(slug, 'Short name of a cluster.', 'k8s-1') }),
  'A cluster that many names lead to.',
);
const cnameTarget = named(
  'CnameTarget',
  z.strictObject({ cname: told(hostnameText, 'The name that it leads to.', 'service.platform.example.test') }),
  'Another name (CNAME).',
);

export const certificateOnlyTarget = named(
  'CertificateOnlyTarget',
  z.strictObject({
    certificateOnly: told(z.literal(true), 'Nothing is written at the name, and nobody looks at where it leads.', true),
  }),
  'Nowhere by Hostmaster: a certificate alone is asked for, for a printer or a database whose address somebody else keeps.',
);

const spiffeRule = ownRule({
  rule: 'spiffe-id',
  reason: 'A SPIFFE ID is spiffe://, a trust domain in lower case, and a path.',
  remedy: 'Give one such as spiffe://orders.dev.example.test/api, without a port, a query and dots alone.',
});

/** Where the name leads: exactly one of the four. */
export const target = named(
  'TargetInput',
  z.union(
    [z.strictObject({ addresses: addresses.min(1) }), cnameTarget, clusterTarget, certificateOnlyTarget],
    'Give exactly one of addresses, cname, cluster or certificateOnly.',
  ),
  'Where a name leads: exactly one of the four.',
);
/** Whether a contract asks for a certificate alone: no record of the name is ours, and what presents it is not looked at. */
export const isCertificateOnly = ({ target: leadsTo }: { readonly target: object }): boolean => 'certificateOnly' in leadsTo;

export const tlsTermination = named(
  'TlsTermination',
  z.enum(['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls', 'none']),
  'Where TLS ends.',
);
export const tlsSource = named(
  'TlsSource',
  z.enum(['internal-ca', 'acme', 'vault', 'acm', 'key-vault', 'imported']),
  'Where a certificate comes from.',
);
const challenge = named('Challenge', z.enum(['none', 'dns-01', 'http-01', 'tls-alpn-01']), 'How control of a name is shown (RFC 8555 §8).');
export const keyAlgorithm = named('KeyAlgorithm', z.enum(contractKeys), 'The key of a certificate.');

export const completedTls = named(
  'Tls',
  z.strictObject({
    termination: tlsTermination.meta({ description: 'Where TLS ends; with "none" there is no certificate.', examples: ['edge'] }),
    source: tlsSource.meta({ description: 'Where the certificate comes from.', examples: ['internal-ca'] }),
    challenge: challenge.meta({ description: 'How control of the name is shown to an ACME server.', examples: ['none'] }),
    key: keyAlgorithm.optional().meta({
      description: `The key of the certificate; ${defaultContractKey} where left out. A CSR brings its own: leave it out there, or name that one. An imported certificate may have any, unless one is named.`,
      examples: ['ecdsa-p256'],
    }),
    days: z
      .number()
      .int()
      .min(1, 'In days, a certificate is valid for one at least.')
      .max(mostDays, `A certificate is valid for at most ${mostDays} days.`)
      .optional()
      .meta({
        description:
          'For how many days it is valid, where its source lets that be chosen; as long as the source gives where left out. A lifetime over 90 days is for a CA of ours, and reviewed.',
        examples: [7],
      }),
    hours: z
      .number()
      .int()
      .min(leastHours, 'A certificate is valid for an hour at least: a shorter one could not be renewed in time.')
      .max(mostHours, `In hours, a certificate is valid for at most ${mostHours}: give days for more.`)
      .optional()
      .meta({
        description: 'In place of days: for how many hours it is valid, from when it is asked for.',
        examples: [24],
      }),
    usages: z
      .array(keyUsage)
      .min(1, 'Name a usage, or leave them out.')
      .max(2)
      .overwrite((usages) => [...contentOf({ usages }).usages])
      .optional()
      .meta({
        description: 'What the key may be used for, where its source lets that be chosen; a server alone where left out.',
        examples: [['server', 'client']],
      }),
    addresses: z
      .array(ipAddress)
      .max(8, 'A certificate speaks for at most 8 addresses.')
      .overwrite((texts) => [...contentOf({ addresses: texts }).addresses])
      .optional()
      .meta({
        description: 'Addresses that the certificate speaks for, beside its names; a CA of ours signs for private ones.',
        examples: [['10.1.2.3']],
      }),
    spiffeId: z
      .string()
      .max(maxSpiffeId)
      .refine(isSpiffeId, spiffeRule)
      .optional()
      .meta({
        description:
          'The identity of a workload, as its SVID has it (X.509); its trust domain is the hostname, or a domain above it in the zone.',
        examples: ['spiffe://orders.dev.example.test/api'],
      }),
    mustStaple: z
      .literal(true)
      .optional()
      .meta({
        description: 'Clients that know RFC 7633 refuse a server that does not staple the status of its certificate (OCSP).',
        examples: [true],
      }),
    extraNames: z
      .array(hostnameText)
      .max(20)
      .meta({
        description: 'Further names on the certificate; each is admitted by the same rules as the hostname.',
        examples: [['www.orders.dev.example.test']],
      }),
    csr: z
      .string()
      .max(16_384)
      .optional()
      .meta({
        description: 'PKCS#10 in PEM: the requester keeps the private key.',
        examples: ['-----BEGIN CERTIFICATE REQUEST-----\nMIIB…\n-----END CERTIFICATE REQUEST-----\n'],
      }),
  }),
  'How a name is served over TLS.',
);

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

const backendProtocol = named(
  'BackendProtocol',
  z.enum(['http', 'https', 'grpc', 'grpcs']),
  'What is spoken to a service; with an s over TLS.',
);
const routingApi = named('RoutingApi', z.enum(['ingress', 'gateway']), 'A Kubernetes API that routes names.');
const gateway = named(
  'Gateway',
  z.strictObject({
    namespace: slug.optional().meta({
      description: 'Where the Gateway is, and its certificate is handed to; the namespace of the route where left out.',
      examples: ['gateways'],
    }),
    name: objectName.meta({ description: 'Recorded only: the Gateway that the route attaches to.', examples: ['public'] }),
  }),
  'A Gateway of Kubernetes.',
);

const backend = named(
  'Backend',
  z
    .strictObject({
      namespace: slug.meta({
        description: 'Where the route and the service are, and where the certificate is handed to in a cluster with a destination.',
        examples: ['orders'],
      }),
      service: slug.meta({ description: 'Recorded only: the Service that answers.', examples: ['orders'] }),
      port: z
        .union([port, portName], 'Give the number of the port, or its name in the service.')
        .meta({ description: 'Recorded only: the port of the Service, by its number or its name.', examples: [8080] }),
      protocol: backendProtocol.meta({
        description: 'Recorded only: what is spoken to the service; with an s over TLS.',
        examples: ['http'],
      }),
      tls: z
        .strictObject({
          serverName: objectName.meta({
            description: 'Name that the certificate of the service is checked for.',
            examples: ['orders.orders.svc'],
          }),
          ca: objectName.meta({
            description: 'Name of the object with the CA that the certificate of the service is checked against.',
            examples: ['orders-ca'],
          }),
        })
        .partial()
        .meta({ description: 'Recorded only: how the certificate of the service is checked.' }),
    })
    .partial(),
  'A service of Kubernetes, and how it is spoken to.',
);

export const completedRouting = named(
  'Routing',
  z.strictObject({
    port: port.meta({ description: 'Port on which users reach the name; that of the zone where left out.', examples: [443] }),
    healthPath: z
      .string()
      .max(512)
      .regex(/^\/[\x21-\x7e]*$/, 'A path starts with "/" and has no spaces.')
      .meta({ description: 'Path that the probe asks for: the characters of RFC 3986 §3.3, without a query.', examples: ['/health'] }),
    expectedStatus: z
      .number()
      .int()
      .min(100)
      .max(599)
      .optional()
      .meta({ description: 'Recorded only: the status of a healthy answer. The probe takes any below 400.', examples: [200] }),
    api: routingApi.optional().meta({ description: 'Recorded only: the Kubernetes API that routes the name.', examples: ['gateway'] }),
    className: objectName.optional().meta({ description: 'Recorded only: the IngressClass or GatewayClass.', examples: ['internal'] }),
    gateway: gateway.optional().describe('The Gateway that the route attaches to.'),
    backend: backend.optional().describe('The service behind it, and how it is spoken to.'),
  }),
  'How a name is reached and what stands behind it.',
);

const owner = slug.optional();
const owners = named(
  'Owners',
  z.strictObject({
    app: owner.meta({ description: 'Recorded only: who answers for the application.', examples: ['order-platform'] }),
    dns: owner.meta({ description: 'Recorded only: who answers for the record.', examples: ['platform-edge'] }),
    certificate: owner.meta({
      description: 'Who answers for the certificate; of an imported one, who gets the next.',
      examples: ['platform-edge'],
    }),
    rotation: owner.meta({
      description: 'Recorded only: who rotates the certificate where that is not done here.',
      examples: ['order-platform'],
    }),
    escalation: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'Recorded only: who is called when it breaks.', examples: ['order-platform on call'] }),
  }),
  'Who answers for what.',
);

const answeredTarget = named(
  'Target',
  z.union([addressesTarget, cnameTarget, clusterTarget, certificateOnlyTarget]),
  'Where a name leads; no addresses at all where it never led anywhere.',
);

export const completedContract = z
  .strictObject({
    apiVersion: z
      .literal(contractVersion)
      .meta({ description: 'The version that the contract is written in; the current one where left out.', examples: [contractVersion] }),
    hostname: hostnameText.meta({
      description: 'The name, in any case, with or without the last dot, as U-labels or A-labels.',
      examples: ['orders.dev.example.test'],
    }),
    team: slug.meta({ description: 'Whose the name is; of a transfer, who receives it.', examples: ['order-platform'] }),
    environment: slug.optional().meta({ description: "Follows from the team's grants where they offer only one.", examples: ['dev'] }),
    view: view.meta({ description: 'Who the name is answered to.', examples: ['public'] }),
    target: answeredTarget,
    ttl: ttl.meta({ description: 'A class, or seconds.', examples: ['service'] }),
    tls: completedTls.describe('How it is served over TLS.'),
    routing: completedRouting.describe('How it is reached and what stands behind it.'),
    edge,
    owners,
    justification: z
      .string()
      .max(2000)
      .optional()
      .meta({ description: 'Why this is needed: shown to reviewers, kept in the audit trail.', examples: ['The new order service.'] }),
  })
  .meta({ id: 'Contract', description: 'What was agreed about a name, with every default written out.' });

const { shape } = completedContract;

/** What a requester sends. Strict: an unknown field is an error that names it, never silently dropped. */
export const endpointContract = named(
  'ContractInput',
  completedContract.extend({
    apiVersion: shape.apiVersion.default(contractVersion),
    view: shape.view.default('public'),
    target: target.describe('Where the name leads: exactly one of addresses, cname, cluster and certificateOnly.'),
    ttl: shape.ttl.default('service'),
    tls: named(
      'TlsInput',
      completedTls.extend({
        termination: completedTls.shape.termination.default('edge'),
        source: completedTls.shape.source.default('internal-ca'),
        challenge: completedTls.shape.challenge.default('none'),
        extraNames: completedTls.shape.extraNames.default([]),
      }),
      'How the name is to be served over TLS.',
    ).prefault({}),
    routing: named(
      'RoutingInput',
      completedRouting.extend({
        port: completedRouting.shape.port.optional(),
        healthPath: completedRouting.shape.healthPath.default('/health'),
      }),
      'How the name is to be reached and what stands behind it.',
    ).prefault({}),
    edge: edge.prefault({}),
    owners: named(
      'OwnersInput',
      owners.extend({
        escalation: readableText(200)
          .optional()
          .meta(owners.shape.escalation.meta() ?? {}),
      }),
      'Who answers for what.',
    ).prefault({}),
    justification: readableText(2000)
      .optional()
      .meta(shape.justification.meta() ?? {}),
  }),
  'What is asked for about a name; what is left out gets its default.',
);
export type EndpointContractInput = z.input<typeof endpointContract>;
export type EndpointContract = z.output<typeof endpointContract>;
