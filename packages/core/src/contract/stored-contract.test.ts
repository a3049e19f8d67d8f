import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { admittedOf } from '../policy/admitted.ts';
import { askedOf } from '../policy/asked.ts';
import { type EndpointContractInput, endpointContract } from './endpoint.ts';
import { storedContract } from './stored-contract.ts';
import v1 from './testdata/hostmaster-v1.json' with { type: 'json' };
import unversioned from './testdata/unversioned.json' with { type: 'json' };

const [plain] = v1;
const messageOf = (value: unknown) => {
  const { error } = storedContract.safeParse(value);
  return error === undefined ? 'it was read' : z.prettifyError(error);
};

describe('a stored contract', () => {
  it.each(unversioned)('without a version is what it was when it was stored: $what', ({ stored, read }) => {
    expect(storedContract.parse(stored)).toEqual(read);
  });

  it.each(v1)('of hostmaster/v1 is read as it is: $hostname', (contract) => {
    expect(storedContract.parse(contract)).toEqual(contract);
  });

  it('with a path that nobody could ask for any more is read as it is', () => {
    const old = { ...plain, routing: { ...plain?.routing, healthPath: '/ready?full=1' } };
    expect(storedContract.parse(old)).toEqual(old);
  });

  it.each(['hostmaster/v2', 'unversioned ', 'constructor', '', 7])(
    'of a version that is not known is an error that says so: %j',
    (apiVersion) => {
      expect(messageOf({ ...plain, apiVersion })).toContain(`It was written as ${JSON.stringify(String(apiVersion))}`);
    },
  );

  it.each([
    ['a foreign field', { ...plain, colour: 'red' }, 'colour'],
    ['a foreign field further in', { ...plain, edge: { cache: true } }, 'cache'],
    ['a foreign field of an old one', { ...unversioned[0]?.stored, colour: 'red' }, 'colour'],
    ['no ttl, which a default would hide', { ...plain, ttl: undefined }, 'ttl'],
    ['no port, which a default would hide', { ...plain, routing: { healthPath: '/' } }, 'port'],
    ['no edge, which a default would hide', { ...plain, edge: undefined }, 'edge'],
    ['a hostname in another form', { ...plain, hostname: 'Orders.example.test' }, 'canonical'],
    ['a further name that is none', { ...plain, tls: { ...plain?.tls, extraNames: ['a b'] } }, 'canonical'],
    ['a target in another form', { ...plain, target: { cname: 'lb.example.net.' } }, 'target'],
    ['no target', { ...plain, target: undefined }, 'target'],
    ['nothing of a contract', 'text', 'record'],
  ])('with %s is an error, never mended', (_, stored, said) => {
    expect(messageOf(stored)).toContain(said);
  });
});

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const typed = fc.oneof(
  name,
  name.map((text) => `${text.toUpperCase()}.`),
  name.map((text) => `*.${text}`),
  fc.constant('bücher.example'),
);
const some = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T, never>(shape, { requiredKeys: [] });
const either = <const T>(...values: readonly T[]) => fc.constantFrom(...values);
const anyPort = fc.integer({ min: 1, max: 65_535 });

const rest = some({
  apiVersion: either('hostmaster/v1'),
  environment: label,
  view: either('public', 'internal', 'partner'),
  ttl: fc.oneof(either('cutover', 'service', 'stable'), fc.integer({ min: 1, max: 604_800 })),
  tls: some({
    termination: either('edge', 'load-balancer', 'none'),
    source: either('internal-ca', 'acme', 'vault'),
    challenge: either('none', 'dns-01'),
    key: either('ecdsa-p384', 'rsa-3072'),
    extraNames: fc.array(typed, { maxLength: 20 }),
    csr: fc.string(),
  }),
  routing: some({
    port: anyPort,
    healthPath: either('/', '/ready'),
    expectedStatus: fc.integer({ min: 100, max: 599 }),
    api: either('ingress', 'gateway'),
    className: label,
    gateway: fc.record({ name: label }),
    backend: some({
      namespace: label,
      service: label,
      port: fc.oneof(anyPort, label),
      protocol: either('http', 'grpcs'),
      tls: some({ serverName: name, ca: label }),
    }),
  }),
  edge: some({
    httpsRedirect: fc.boolean(),
    tlsPolicy: some({ minVersion: either('1.2', '1.3'), ciphers: either('intermediate', 'modern') }),
    hsts: fc.boolean(),
    waf: either('enabled', 'disabled'),
    rateLimit: fc.oneof(either('default', 'none'), fc.integer({ min: 1, max: 1_000_000 })),
    maxBody: either('1m', '512k', '1'),
    headerNormalization: fc.boolean(),
    sources: fc.oneof(either('any'), fc.array(either('10.0.0.0/8', '2001:db8::/32'), { minLength: 1, maxLength: 64 })),
    botProtection: fc.boolean(),
    ddosProtection: either('upstream', 'none'),
    auth: either('edge', 'gateway', 'application'),
  }),
  owners: some({ app: label, dns: label, certificate: label, rotation: label, escalation: fc.string({ maxLength: 200 }) }),
  justification: fc.string({ maxLength: 2000 }),
});
const addresses = fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 16 });
const target = fc.oneof(fc.record({ addresses }), fc.record({ cname: typed }), fc.record({ cluster: label }));
const input: fc.Arbitrary<EndpointContractInput> = fc
  .tuple(fc.record({ hostname: typed, team: label, target }), rest)
  .map(([needed, more]) => ({ ...needed, ...more }));

it('every contract that is admitted comes back from the store as it went in', () => {
  fc.assert(
    fc.property(input, anyPort, fc.option(label), (sent, servedPort, environment) => {
      const contract = endpointContract.parse(sent);
      const admitted = admittedOf(askedOf({ kind: 'create', contract, actorTeam: sent.team, now: new Date(0) }), {
        environment,
        servedPort,
      });
      expect(admitted).not.toBeNull();
      expect(storedContract.parse(JSON.parse(JSON.stringify(admitted)))).toEqual(admitted);
    }),
  );
});
