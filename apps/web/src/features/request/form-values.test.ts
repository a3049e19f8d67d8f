import type { Me } from '@hostmaster/core/contract/account';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { checkInput, requestInput } from '@hostmaster/core/contract/request';
import { describe, expect, it } from 'vitest';
import { askable, briefly, draftOf, emptyForm, type FormValues, formOf, hasTarget, isAskable } from './form-values';

const me: Me = {
  kind: 'person',
  id: 'a',
  name: 'A',
  email: null,
  teams: [{ id: 'b', slug: 'order-platform', name: 'Order platform', role: 'member' }],
  roles: [],
  scopes: null,
  environments: [],
  clusters: [],
  sources: ['internal-ca'],
  tlsProofs: false,
};

describe('the form of a request', () => {
  const typed = { ...emptyForm(me, 'orders.dev.example.test'), addresses: '127.0.0.1' };
  const short = { hostname: 'orders.dev.example.test', team: 'order-platform', target: { addresses: ['127.0.0.1'] } };

  it('asks for all that it shows and leaves nothing to a default', () => {
    const { contract } = draftOf('create', typed);
    expect(endpointContract.parse(contract)).toEqual(contract);
    expect(contract).toMatchObject({ view: 'public', ttl: 'service', tls: { source: 'internal-ca' }, routing: { healthPath: '/health' } });
  });

  it('shows what the schema says by itself, and is copied without it', () => {
    const said = endpointContract.parse(short);
    expect({ ...said, tls: { ...said.tls, key: 'ecdsa-p256' } }).toEqual(draftOf('create', typed).contract);
    expect(briefly(draftOf('create', typed))).toEqual({ kind: 'create', contract: short });
    expect(briefly(draftOf('create', { ...typed, key: 'rsa-2048', healthPath: '/ready', port: '8443' })).contract).toEqual({
      ...short,
      tls: { key: 'rsa-2048' },
      routing: { healthPath: '/ready', port: 8443 },
    });
  });

  it.each([
    ['', {}, ''],
    [' 7 ', { days: 7 }, '7'],
    ['7d', { days: 7 }, '7'],
    ['1 day', { days: 1 }, '1'],
    ['12h', { hours: 12 }, '12h'],
    ['36 Hours', { hours: 36 }, '36h'],
  ])('takes a lifetime of "%s" for %j, and shows it again as "%s"', (lifetime, said, shown) => {
    const { tls } = requestInput.parse(draftOf('create', { ...typed, lifetime })).contract;
    expect({ days: tls.days, hours: tls.hours }).toEqual({ days: undefined, hours: undefined, ...said });
    const contract = endpointContract.parse({ ...short, tls });
    expect(formOf(me, contract).lifetime).toBe(shown);
    // What stood there before is not kept beside it.
    const { tls: other } = requestInput.parse(draftOf('change', { ...formOf(me, contract), lifetime: '2h' }, contract)).contract;
    expect([other.days, other.hours]).toEqual([undefined, 2]);
  });

  it.each(['soon', '1.5', '0', '-1', '1w', '0h', '826', '241h', 'h', '1e9h', '٧'])(
    'has a lifetime of "%s" refused at its field',
    (lifetime) => {
      const { error } = requestInput.safeParse(draftOf('create', { ...typed, lifetime }));
      expect(error?.issues.map(({ path }) => path.join('.'))).toContainEqual(expect.stringMatching(/^contract\.tls\.(?:days|hours)$/));
    },
  );

  it('asks for no lifetime where the source says it', () => {
    const { tls } = requestInput.parse(draftOf('create', { ...typed, source: 'acme', lifetime: '12h' })).contract;
    expect([tls.days, tls.hours]).toEqual([undefined, undefined]);
  });

  it('names the challenge that works for every name where ACME is chosen and none was named, and none where it is not', () => {
    const challenge = (source: 'acme' | 'internal-ca', before: 'none' | 'http-01') => {
      const base = endpointContract.parse({ ...short, tls: { challenge: before } });
      return requestInput.parse(draftOf('change', { ...formOf(me, base), source }, base)).contract.tls.challenge;
    };
    expect([challenge('acme', 'none'), challenge('acme', 'http-01'), challenge('internal-ca', 'none')]).toEqual([
      'dns-01',
      'http-01',
      'none',
    ]);
  });

  it('of an imported certificate names who gets the next one, and no key and no CSR, which are brought', () => {
    const { contract } = requestInput.parse(draftOf('create', { ...typed, source: 'imported', csr: 'PEM' }));
    expect(contract.owners).toEqual({ certificate: 'order-platform' });
    expect([contract.tls.key, contract.tls.csr]).toEqual([undefined, undefined]);
    expect(requestInput.parse(draftOf('create', typed)).contract.owners).toEqual({});
  });

  it('says what a certificate holds beside its names where the source lets that be chosen, and nothing where that is usual', () => {
    const asked = { usages: 'both', certificateAddresses: '10.1.2.3 fd00::1', spiffeId: ' spiffe://a.test/b ', mustStaple: true } as const;
    const said = (more: Partial<FormValues>) => {
      const { usages, addresses, spiffeId, mustStaple } = draftOf('create', { ...emptyForm(me, 'a.test'), ...more }).contract.tls ?? {};
      return [usages, addresses, spiffeId, mustStaple];
    };
    expect(said(asked)).toEqual([['server', 'client'], ['10.1.2.3', 'fd00::1'], 'spiffe://a.test/b', true]);
    expect(said({ usages: 'client' })).toEqual([['client'], undefined, undefined, undefined]);
    const nothing = [undefined, undefined, undefined, undefined];
    expect([said({}), said({ ...asked, source: 'acme' }), said({ ...asked, termination: 'none' })]).toEqual([nothing, nothing, nothing]);
    // Vault has no must-staple.
    expect(said({ ...asked, source: 'vault' })).toEqual([['server', 'client'], ['10.1.2.3', 'fd00::1'], 'spiffe://a.test/b', undefined]);
  });

  it('changes nothing that it has no control for', () => {
    const unseen = {
      tls: { source: 'acme', challenge: 'http-01' },
      routing: { expectedStatus: 204, gateway: { name: 'public' }, backend: { service: 'orders', port: 8080 } },
      edge: { waf: 'enabled', sources: ['10.0.0.0/8'] },
      owners: { app: 'order-platform', dns: 'platform-edge', certificate: 'platform-edge', rotation: 'platform-pki' },
    };
    const { contract } = requestInput.parse({ contract: { ...short, ...unseen, tls: { ...unseen.tls, csr: 'PEM' } } });
    const changed = draftOf('change', { ...formOf(me, contract), addresses: '127.0.0.2', csr: '' }, contract);
    expect(requestInput.parse(changed).contract).toEqual({
      ...contract,
      target: { addresses: ['127.0.0.2'] },
      tls: { ...contract.tls, csr: undefined, key: 'ecdsa-p256' },
    });
    expect(briefly(changed).contract).toMatchObject(unseen);
  });

  it.each([
    { target: { addresses: ['127.0.0.1', '2001:db8::1'] }, ttl: 300, tls: { key: 'rsa-2048', extraNames: ['b.example.test'] } },
    {
      target: { certificateOnly: true },
      tls: { usages: ['client'], addresses: ['10.1.2.3'], spiffeId: 'spiffe://a.example.test/b', mustStaple: true },
    },
    { target: { addresses: ['127.0.0.1'] }, tls: { usages: ['server', 'client'] } },
    { target: { cname: 'x.example.test' }, ttl: 'stable', routing: { port: 8443, healthPath: '/ready' }, view: 'internal' },
    { target: { cluster: 'k8s-1' }, environment: 'dev', owners: { escalation: '#oncall' }, justification: 'Because.' },
  ])('filled from a contract, it gives the same contract back: %j', (part) => {
    const { contract } = requestInput.parse({ contract: { hostname: 'a.example.test', team: 'order-platform', ...part } });
    const { key = 'ecdsa-p256' } = contract.tls;
    expect(requestInput.parse(draftOf('change', formOf(me, contract), contract)).contract).toEqual({
      ...contract,
      tls: { ...contract.tls, key },
    });
  });

  it('sends a name, a path and what may be left out without the blanks around them', () => {
    const blank = { hostname: ' a.example.test ', healthPath: ' /ready ', port: ' ', escalation: ' #oncall ' };
    const { contract } = draftOf('create', { ...typed, ...blank });
    expect(contract).toMatchObject({ hostname: 'a.example.test', routing: { healthPath: '/ready' }, owners: { escalation: '#oncall' } });
    expect(contract.routing?.port).toBeUndefined();
  });

  it('names no key beside a CSR, which brings its own', () => {
    const { contract } = draftOf('create', { ...emptyForm(me, 'a.example.test'), csr: 'PEM', key: 'rsa-2048' });
    expect(contract.tls).toMatchObject({ csr: 'PEM', key: undefined });
  });

  it('can be asked about while a field in it cannot be read', () => {
    const values = {
      ...emptyForm(me, 'orders.dev.example.test'),
      addresses: '127.0.0.1',
      healthPath: 'no slash',
      port: 'x',
      view: 'internal' as const,
    };
    const { healthPath: _, port: __, ...routing } = draftOf('create', values).contract.routing ?? {};
    expect(askable(draftOf('create', values)).contract).toEqual({ ...draftOf('create', values).contract, routing });
    expect(isAskable(askable(draftOf('create', values)))).toBe(true);
  });

  it.each([
    [
      { port: '99999', csr: 'garbage', extraNames: 'foo bar' },
      { csr: 'garbage', extraNames: ['foo', 'bar'] },
    ],
    [{ ttl: 'seconds' as const, ttlSeconds: 'x', csr: 'garbage' }, { csr: 'garbage' }],
    [{ extraNames: 'a.example.test x'.padEnd(2000, 'x'), port: '0', csr: 'garbage' }, { csr: 'garbage' }],
    [{ escalation: 'x'.repeat(201), justification: 'x'.repeat(2001), csr: 'garbage' }, { csr: 'garbage' }],
  ])('is judged in all that can be read of it at once: %j', (more, tls) => {
    const asked = askable(draftOf('create', { ...typed, ...more }));
    expect(isAskable(asked)).toBe(true);
    expect(asked.contract.tls).toMatchObject(tls);
  });

  it('can be asked about before anybody said where the name leads', () => {
    const draft = draftOf('create', emptyForm(me, 'orders.dev.example.test'));
    expect(hasTarget(draft)).toBe(false);
    expect(askable(draft).contract).not.toHaveProperty('target');
    expect(checkInput.safeParse(askable(draft)).success).toBe(true);
  });
});
