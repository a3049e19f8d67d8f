import type { Plan } from '@hostmaster/core/contract/plan';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { PlanSteps } from './what-will-happen';

const plan = (contract: Plan['contract']): Plan => ({
  hash: 'h',
  zone: 'example.test',
  servers: ['ns1.example.test'],
  changes: [],
  contract,
  certificate: null,
  notes: ['The records in example.test are already as they should be.'],
});
const port = { field: 'routing.port', before: '443', after: '8443' };

/** What is read, tags left out. */
const read = (of: Parameters<typeof PlanSteps>[0]): string =>
  renderToStaticMarkup(<PlanSteps {...of} />)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('what will happen', () => {
  it('names each field that changes, before and after, and what it is compared with, though no record changes', () =>
    expect(read({ plan: plan({ against: 3, changes: [port] }) })).toContain(
      '1 field of the contract, compared with revision 3, in force when this was planned Port 443 → becomes 8443',
    ));

  it('says of a certificate what it proves, where that is not a server alone', () => {
    const names = ['orders.dev.example.test'];
    const of = { action: 'issue', names, source: 'internal-ca', issuer: 'CA', profile: 'server', days: 30, key: 'ecdsa-p256' } as const;
    const shown = (more: object) =>
      read({ plan: { ...plan(null), certificate: { ...of, keyHolder: 'hostmaster', publicKey: null, ...more } } });
    expect(shown({})).not.toMatch(/client|staple/);
    expect(shown({ usages: ['server', 'client'] })).toContain('For a server, and for a client too.');
    expect(shown({ usages: ['client'], mustStaple: true })).toContain(
      'For a client alone: no server can present it. Clients that know of it refuse a server that does not staple its status.',
    );
  });

  it('says that none does, where a change sets something else right', () =>
    expect(read({ plan: plan({ against: 3, changes: [] }) })).toContain('No field changes of the contract, compared with revision 3'));

  it('shows all that is agreed for a name that is new', () => {
    const changes = [port, { field: 'owners.escalation', before: null, after: '#orders' }].map((change) => ({ ...change, before: null }));
    expect(read({ plan: plan({ against: null, changes }) })).toContain(
      'A contract of 2 fields; none is in force before it Port 8443 Escalation #orders',
    );
  });

  it('says nothing of a contract that goes, or that an earlier release did not say', () =>
    expect(read({ plan: plan(null) })).not.toContain('contract'));

  it.each([
    ['orders.example.test', 443, 'https://orders.example.test/health'],
    ['orders.example.test', 3553, 'https://orders.example.test:3553/health'],
    ['*.example.test', 443, 'https://hostmaster-probe.example.test/health'],
  ])('promises for %s on port %i the probe of %s', (hostname, at, url) => {
    const certificate = {
      ...{ action: 'issue' as const, names: [hostname], source: 'internal-ca' as const, issuer: 'CA', profile: 'tls-server', days: 30 },
      ...{ key: 'ecdsa-p256', keyHolder: 'hostmaster' as const, publicKey: null },
    };
    expect(read({ plan: { ...plan(null), certificate }, probe: { hostname, port: at, path: '/health' } })).toContain(` ${url}`);
  });

  it.each([
    [90, 'from CA, 90 days, renewed by itself 30 d before it ends'],
    [null, 'from CA, for as long as that gives it, renewed by itself well before it ends'],
  ])('says of a certificate whose CA gives it %s days how long it is valid', (days, said) => {
    const certificate = {
      ...{ action: 'issue' as const, names: ['a.example.test'], source: 'acme' as const, issuer: 'CA', profile: 'server', days },
      ...{ key: 'ecdsa-p256', keyHolder: 'hostmaster' as const, publicKey: null },
    };
    expect(read({ plan: { ...plan(null), certificate } })).toContain(said);
  });

  it('says the hours of one that is valid for hours, and when it is renewed', () => {
    const certificate = {
      ...{
        action: 'issue' as const,
        names: ['a.example.test'],
        source: 'internal-ca' as const,
        issuer: 'CA',
        profile: 'server',
        days: null,
      },
      ...{ hours: 1, key: 'ecdsa-p256', keyHolder: 'hostmaster' as const, publicKey: null },
    };
    expect(read({ plan: { ...plan(null), certificate } })).toContain('from CA, 1 hour, renewed by itself 30 min before it ends');
  });

  it('says of a certificate that is brought who brings it, and when', () => {
    const certificate = {
      ...{
        action: 'issue' as const,
        names: ['a.example.test'],
        source: 'imported' as const,
        issuer: 'imported',
        profile: 'server',
        days: null,
      },
      ...{ key: 'any', keyHolder: 'hostmaster' as const, publicKey: null },
    };
    const said = read({ plan: { ...plan(null), certificate } });
    expect(said).toContain('1 certificate that its team imports once the records are there');
    expect(said).toContain('a key, which is brought with it, and sealed');
  });

  it('says of a certificate whose issuer keeps the key that it is served there alone', () => {
    const certificate = {
      ...{ action: 'issue' as const, names: ['a.example.test'], source: 'acm' as const, issuer: 'AWS', profile: 'server', days: null },
      ...{ key: 'ecdsa-p256', keyHolder: 'issuer' as const, publicKey: null },
    };
    expect(read({ plan: { ...plan(null), certificate } })).toContain('which the issuer makes and keeps: what ends TLS has to use it there');
  });

  it('folds a new contract away where the form beside it says the same', () =>
    expect(renderToStaticMarkup(<PlanSteps plan={plan({ against: null, changes: [port] })} preview />)).toContain('<details'));
});
