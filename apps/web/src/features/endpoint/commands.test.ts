import { completedContract, endpointContract } from '@hostmaster/core/contract/endpoint';
import { describe, expect, it } from 'vitest';
import { commandsFor, splitAddress } from './commands';

describe('an address of a name server', () => {
  it.each([
    ['192.0.2.53', { address: '192.0.2.53', port: null }],
    ['192.0.2.53:53', { address: '192.0.2.53', port: null }],
    ['127.0.0.1:5353', { address: '127.0.0.1', port: '5353' }],
    ['[2001:db8::53]:5353', { address: '2001:db8::53', port: '5353' }],
    ['2001:db8::53', { address: '2001:db8::53', port: null }],
  ])('%s', (text, expected) => expect(splitAddress(text)).toEqual(expected));
});

describe('the lines to try an endpoint with', () => {
  const name = 'orders.dev.example.test';
  const asked = { hostname: name, team: 'a', target: { addresses: ['127.0.0.1'] }, routing: { port: 8443 } };
  const contract = completedContract.parse(endpointContract.parse(asked));
  const seen = {
    hostname: name,
    contract,
    recordSets: [{ name, type: 'A' as const, ttl: 60, values: ['127.0.0.1'] }],
    answers: [
      {
        server: 'ns1',
        address: '127.0.0.1:5353',
        type: 'A',
        rcode: 'NOERROR',
        values: ['127.0.0.1'],
        ttl: 60,
        serial: 1,
        milliseconds: 1,
        fault: null,
        error: null,
        observedAt: '2026-11-20T00:00:00Z',
      },
    ],
    certificate: { serial: '01', notAfter: '2027-01-01T00:00:00Z', daysLeft: 30, lifetimeLeft: 0.5, urgency: 'none' as const },
  };

  it('ask the name server itself, and the endpoint at the address of its record', () => {
    expect(commandsFor(seen)).toEqual({
      dig: 'dig +short @127.0.0.1 -p 5353 orders.dev.example.test A',
      curl: 'curl --cacert root.pem --resolve orders.dev.example.test:8443:127.0.0.1 https://orders.dev.example.test:8443/health',
    });
  });

  it('hold what an older contract gives as its path for a word, never for a command', () => {
    const routing = { ...contract.routing, healthPath: '/$(id);`x`\'"&|?q=1' };
    expect(commandsFor({ ...seen, contract: { ...contract, routing } }).curl).toBe(
      `curl --cacert root.pem --resolve ${name}:8443:127.0.0.1 'https://${name}:8443/$(id);\`x\`'\\''"&|?q=1'`,
    );
  });

  it('ask for a name under a wildcard, as its probe does', () => {
    const wildcard = { ...seen, hostname: '*.dev.example.test' };
    expect(commandsFor(wildcard).curl).toBe(
      'curl --cacert root.pem --resolve hostmaster-probe.dev.example.test:8443:127.0.0.1 https://hostmaster-probe.dev.example.test:8443/health',
    );
  });

  it('write an IPv6 address and the usual port as curl takes them', () => {
    const recordSets = [{ name, type: 'AAAA' as const, ttl: 60, values: ['2001:db8::10'] }];
    const routing = { ...contract.routing, port: 443 };
    expect(commandsFor({ ...seen, recordSets, contract: { ...contract, routing } }).curl).toBe(
      `curl --cacert root.pem --resolve '${name}:443:[2001:db8::10]' https://${name}/health`,
    );
  });

  it('name no root of ours for a certificate that was brought', () => {
    const tls = { ...contract.tls, source: 'imported' as const };
    expect(commandsFor({ ...seen, contract: { ...contract, tls } }).curl).not.toContain('--cacert');
  });

  it('leave curl out while there is no certificate, and where TLS ends nowhere that we issue for', () => {
    expect(commandsFor({ ...seen, certificate: null }).curl).toBeNull();
    const tls = { ...contract.tls, termination: 'none' as const };
    expect(commandsFor({ ...seen, contract: { ...contract, tls } }).curl).toBeNull();
  });
});
