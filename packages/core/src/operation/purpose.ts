// What work there is: an operation is of a kind (what it works on) and has a purpose (what for), and the two decide which
// steps it takes. This table is the only place that says so; what happened on the way (the trail) is for reading alone.

export const operationKinds = ['endpoint', 'zone', 'authority', 'issuer', 'key', 'destination'] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Steps on an endpoint, in the order in which any of them may be taken. */
export const endpointSteps = [
  'given-back',
  'admitted',
  'records-applied',
  'records-verified',
  'certificate-issued',
  'certificate-delivered',
  'certificate-served',
  'certificate-revoked',
  'reachable',
  'withdrawn',
] as const;
export type EndpointStep = (typeof endpointSteps)[number];

/** Steps on a zone; a connection test tells its checks one by one within its only step. */
export const zoneSteps = ['read', 'checked'] as const;
export type ZoneStep = (typeof zoneSteps)[number];

/** What is asked of the internal CA is one step. */
export const authoritySteps = ['carried-out'] as const;
export type AuthorityStep = (typeof authoritySteps)[number];

/** A private key that is to leave is sealed, in one step. */
export const keySteps = ['sealed'] as const;
export type KeyStep = (typeof keySteps)[number];

/** So are the test of the connection to an issuer, as that of a zone, and another key for the account there. */
export const issuerSteps = ['checked', 'key-changed'] as const;
export type IssuerStep = (typeof issuerSteps)[number];

/** And that of a destination. */
export const destinationSteps = ['checked'] as const;
export type DestinationStep = (typeof destinationSteps)[number];

/** A step of whatever work. */
export type AnyStep = EndpointStep | ZoneStep | AuthorityStep | KeyStep | IssuerStep | DestinationStep;

type Purpose<Step extends string> = {
  /** What it is for, in one sentence. */
  readonly describe: string;
  readonly steps: readonly Step[];
};

export const endpointPurposes = {
  revision: {
    describe: 'Makes the world match an approved revision.',
    steps: [
      'admitted',
      'records-applied',
      'records-verified',
      'certificate-issued',
      'certificate-delivered',
      'certificate-served',
      'reachable',
    ],
  },
  reversal: {
    describe: 'Takes back what a failed or cancelled request had written.',
    steps: ['records-applied', 'records-verified', 'certificate-issued', 'certificate-delivered', 'certificate-served', 'reachable'],
  },
  cancellation: {
    describe: 'Gives back what a request that was cancelled on its way had begun.',
    steps: ['given-back'],
  },
  retirement: {
    describe: 'Takes a name out of the world.',
    steps: ['admitted', 'records-applied', 'records-verified', 'withdrawn'],
  },
  renewal: {
    describe: 'Renews a certificate; it depends on no name server and touches no record.',
    steps: ['certificate-issued', 'certificate-delivered', 'certificate-served', 'reachable'],
  },
  revocation: {
    describe: 'Revokes a certificate that somebody asked to revoke, once another is seen in its place where it is in use.',
    steps: ['certificate-issued', 'certificate-delivered', 'certificate-served', 'certificate-revoked'],
  },
  import: {
    describe: 'Takes in the certificate that its team brought, and puts it in the place of the one before.',
    steps: ['certificate-issued', 'certificate-delivered', 'certificate-served', 'reachable'],
  },
  look: {
    describe: 'Looks again, because somebody asked; it changes nothing in a zone and orders nothing.',
    steps: ['records-verified', 'certificate-delivered', 'certificate-served', 'reachable'],
  },
} as const satisfies Readonly<Record<string, Purpose<EndpointStep>>>;
export type EndpointPurpose = keyof typeof endpointPurposes;

export const zonePurposes = {
  read: { describe: 'Reads a zone whole.', steps: ['read'] },
  test: { describe: 'Tests the connection to the servers of a zone.', steps: ['checked'] },
} as const satisfies Readonly<Record<string, Purpose<ZoneStep>>>;
export type ZonePurpose = keyof typeof zonePurposes;

export const authorityPurposes = {
  ceremony: { describe: 'Carries out what an administrator asked of the internal CA.', steps: ['carried-out'] },
} as const satisfies Readonly<Record<string, Purpose<AuthorityStep>>>;
export type AuthorityPurpose = keyof typeof authorityPurposes;

export const keyPurposes = {
  export: { describe: 'Seals the private key of a certificate for the browser of whoever takes it away.', steps: ['sealed'] },
} as const satisfies Readonly<Record<string, Purpose<KeyStep>>>;
export type KeyPurpose = keyof typeof keyPurposes;

export const issuerPurposes = {
  test: { describe: 'Tests the connection to an issuer that others run.', steps: ['checked'] },
  rollover: { describe: 'Has an account at an issuer known by another key.', steps: ['key-changed'] },
} as const satisfies Readonly<Record<string, Purpose<IssuerStep>>>;
export type IssuerPurpose = keyof typeof issuerPurposes;

export const destinationPurposes = {
  test: { describe: 'Tests the connection to a destination of certificates.', steps: ['checked'] },
} as const satisfies Readonly<Record<string, Purpose<DestinationStep>>>;
export type DestinationPurpose = keyof typeof destinationPurposes;

export type OperationPurpose = EndpointPurpose | ZonePurpose | AuthorityPurpose | KeyPurpose | IssuerPurpose | DestinationPurpose;
/** What an operation is, with what can be its purpose. */
export type OperationNature =
  | { readonly kind: 'endpoint'; readonly purpose: EndpointPurpose }
  | { readonly kind: 'zone'; readonly purpose: ZonePurpose }
  | { readonly kind: 'authority'; readonly purpose: AuthorityPurpose }
  | { readonly kind: 'key'; readonly purpose: KeyPurpose }
  | { readonly kind: 'issuer'; readonly purpose: IssuerPurpose }
  | { readonly kind: 'destination'; readonly purpose: DestinationPurpose };

const tables: Readonly<Record<OperationKind, Readonly<Record<string, Purpose<AnyStep>>>>> = {
  endpoint: endpointPurposes,
  zone: zonePurposes,
  authority: authorityPurposes,
  key: keyPurposes,
  issuer: issuerPurposes,
  destination: destinationPurposes,
};

export const operationPurposes = Object.keys(Object.assign({}, ...Object.values(tables))) as readonly OperationPurpose[];

/** The steps that an operation takes, in order; none where the kind has no such purpose. */
export const stepsOf = (kind: OperationKind, purpose: OperationPurpose): readonly AnyStep[] => tables[kind][purpose]?.steps ?? [];

const anyOnEndpoint = Object.keys(endpointPurposes) as readonly EndpointPurpose[];

/**
 * Unfinished work that a newer wish with this purpose takes the place of, on the same subject; while there is other work, it
 * is not begun. What people approved replaces everything; nothing replaces it but the next such wish.
 */
export const displacedBy: Readonly<Record<OperationPurpose, readonly OperationPurpose[]>> = {
  revision: anyOnEndpoint,
  reversal: anyOnEndpoint,
  cancellation: anyOnEndpoint,
  retirement: anyOnEndpoint,
  renewal: ['look'],
  revocation: ['look', 'renewal'],
  import: ['look', 'renewal', 'import'],
  look: [],
  read: [],
  test: ['test'],
  rollover: [],
  ceremony: [],
  export: ['export'],
};
