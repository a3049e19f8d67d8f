import { describe, expect, it } from 'vitest';
import { retirementWords, staying } from './retirement-words';

type Endpoint = Parameters<typeof retirementWords>[0];
const endpoint = (termination: 'edge' | 'none', liveSince: string | null, target: object = { addresses: ['192.0.2.1'] }): Endpoint => ({
  contract: { target, tls: { termination } } as Endpoint['contract'],
  liveSince,
});
const lived = '2026-11-20T12:00:00.000Z';

describe('what retiring comes to', () => {
  it.each([
    ['edge', lived, 'What Hostmaster put there is removed, and its certificate is revoked. Nobody else may take the name for a while.'],
    ['none', lived, 'What Hostmaster put there is removed. Nobody else may take the name for a while.'],
    ['edge', null, 'What Hostmaster put there is removed, and its certificate is revoked.'],
  ] as const)('with TLS at %s, live since %s', (termination, liveSince, said) => {
    expect(retirementWords(endpoint(termination, liveSince))).toBe(said);
  });

  it('of a certificate alone takes nothing out of DNS', () => {
    expect(retirementWords(endpoint('edge', null, { certificateOnly: true }))).toBe(
      'Its certificate is revoked; what stands at the name stays.',
    );
  });

  it('names what stays, and nothing else of the plan', () => {
    const stays = 'a.example.test A 192.0.2.66 stays: somebody else put it there.';
    expect(staying({ notes: ['No other record in example.test changes.', stays, 'The certificate stays as it is.'] })).toEqual([stays]);
    expect(staying({ notes: ['No other record in example.test changes.'] })).toEqual([]);
  });
});
