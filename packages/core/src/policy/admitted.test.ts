import { expect, it } from 'vitest';
import { admittedOf } from './admitted.ts';
import { type Ask, askFor } from './testing/world.ts';

const organisation = { environment: 'dev', servedPort: 8443 };
const admitted = (contract: Ask) => admittedOf(askFor(contract), organisation);

it.each<[string, Ask, object]>([
  ['its hostname in canonical form', { hostname: 'BÜCHER.example.test.' }, { hostname: 'xn--bcher-kva.example.test' }],
  [
    'its further names too',
    { tls: { extraNames: ['WWW.example.test', '*.a.b.'] } },
    { tls: { extraNames: ['www.example.test', '*.a.b'] } },
  ],
  ['the name that it leads to too', { target: { cname: 'LB.Example.NET.' } }, { target: { cname: 'lb.example.net' } }],
  ['the cluster as it is', { target: { cluster: 'k8s-1' } }, { target: { cluster: 'k8s-1' } }],
  [
    'each address once, as name servers print it',
    { target: { addresses: ['192.0.2.1', '2001:DB8:0:0::1', '2001:db8::1', '192.0.2.1'] } },
    { target: { addresses: ['192.0.2.1', '2001:db8::1'] } },
  ],
  ["the zone's port where it names none", {}, { routing: { port: 8443 } }],
  ['its own port', { routing: { port: 9443 } }, { routing: { port: 9443 } }],
  ['the environment that follows where it names none', {}, { environment: 'dev' }],
  ['its own environment', { environment: 'prod' }, { environment: 'prod' }],
  [
    'what is recorded only as it was sent',
    { edge: { waf: 'enabled' }, owners: { dns: 'edge' }, routing: { backend: { service: 'orders' } } },
    { edge: { waf: 'enabled' }, owners: { dns: 'edge' }, routing: { backend: { service: 'orders' } } },
  ],
])('a contract is admitted with %s', (_, contract, expected) => {
  expect(admitted(contract)).toMatchObject(expected);
});

it('a contract without an environment is admitted without one where nothing says it', () => {
  expect(admittedOf(askFor(), { ...organisation, environment: null })).not.toHaveProperty('environment');
});

it.each<Ask>([{ hostname: 'a b' }, { target: { cname: 'a b' } }, { tls: { extraNames: ['a b'] } }])(
  'a contract with a malformed name is not admitted: %j',
  (contract) => expect(admitted(contract)).toBeNull(),
);
