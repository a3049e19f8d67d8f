import { expect, it } from 'vitest';
import { endpointContract } from './endpoint.ts';
import { withoutEffect } from './without-effect.ts';

const pathsOf = (tls: object) => {
  const target = { addresses: ['192.0.2.1'] };
  const contract = endpointContract.parse({ hostname: 'a.example.test', team: 'orders', target, tls });
  return withoutEffect(contract).map(({ path }) => path);
};

it.each<[string, object, string[]]>([
  ['nothing of TLS is said', {}, []],
  ['there is no TLS, and nothing else of it is said', { termination: 'none' }, []],
  ['there is no TLS, and a challenge is named', { termination: 'none', challenge: 'dns-01' }, ['tls.challenge']],
  ['there is no TLS, and a key is named', { termination: 'none', key: 'rsa-3072' }, ['tls.key']],
  [
    'there is no TLS, and an issuer is named',
    { termination: 'none', source: 'acme', challenge: 'dns-01' },
    ['tls.source', 'tls.challenge'],
  ],
  ['a key is named for a certificate', { termination: 'edge', key: 'rsa-3072' }, []],
])('where %s, what changes nothing is told', (_, tls, idle) => expect(pathsOf(tls)).toEqual(idle));

it('of a certificate alone, what is said of records and looks changes nothing', () => {
  const of = (more: object) =>
    withoutEffect(endpointContract.parse({ hostname: 'a.example.test', team: 'orders', target: { certificateOnly: true }, ...more }));
  expect(of({})).toEqual([]);
  const told = of({ ttl: 'stable', routing: { port: 8443, healthPath: '/up' }, tls: { key: 'rsa-3072' } });
  expect(told.map(({ path }) => path)).toEqual(['ttl', 'routing.port', 'routing.healthPath']);
  expect(told[0]?.reason).toContain('ttl has no effect');
});
