import { describe, expect, it } from 'vitest';
import { revocationFollows, whereItIs } from './revocation-words';

const seen = { ok: true, message: 'Presented at 192.0.2.10:443.', at: '2026-11-20T12:00:00.000Z' };
const served = { state: 'served', seen, keyHolder: 'hostmaster', brought: false, certificateOnly: false, team: 'orders' } as const;

describe('before a certificate is revoked, it is said', () => {
  it('whether it is in use, and where it was met', () => {
    expect(whereItIs(served)).toBe('It is the one in use. When Hostmaster looked last: Presented at 192.0.2.10:443.');
    expect(whereItIs({ state: 'issued', seen: null })).toContain('nobody has seen it');
    expect(whereItIs({ state: 'superseded', seen: null })).toContain('not in use');
  });

  it('that another takes its place first, or only afterwards where its key is compromised', () => {
    expect(revocationFollows(served, false).join(' ')).toContain('once the new one is seen');
    expect(revocationFollows(served, true).join(' ')).toContain('revoked before that');
    expect(revocationFollows({ ...served, state: 'superseded' }, true)).toEqual(['Nothing else changes.']);
  });

  it('that of a certificate alone nobody waits until the next one is installed', () => {
    const alone = { ...served, state: 'issued', seen: null, certificateOnly: true } as const;
    expect(revocationFollows(alone, false).join(' ')).toContain('whether orders has installed the new one by then or not');
    expect(revocationFollows(alone, true).join(' ')).toContain('revoked before that');
    expect(revocationFollows({ ...alone, state: 'superseded' }, false)).toEqual(['Nothing else changes.']);
  });

  it('that nobody here can revoke what was brought, and who can', () => {
    const brought = { ...served, brought: true };
    expect(revocationFollows(brought, true)).toEqual([
      'Hostmaster cannot revoke it: it has no account at its CA. Whoever bought it has it revoked there, by its serial.',
      'Here it is used no longer once orders has imported another one, which is waited for.',
      'Its key is refused from now on.',
    ]);
    expect(revocationFollows({ ...brought, state: 'superseded' }, false)).toHaveLength(1);
  });

  it('that an issuer which keeps the key deletes instead of revoking, once nothing uses it', () => {
    const kept = { ...served, keyHolder: 'issuer' } as const;
    expect(revocationFollows(kept, true).join(' ')).toContain('deleted there, with its key, once nothing uses it');
    expect(revocationFollows({ ...kept, state: 'superseded' }, false)).toHaveLength(1);
  });

  it('that the requester replaces their own key, which is refused from then on where it is compromised', () => {
    const own = { ...served, keyHolder: 'requester' } as const;
    expect(revocationFollows(own, false).join(' ')).toContain('orders sends another CSR');
    expect(revocationFollows(own, false).join(' ')).not.toContain('refused');
    expect(revocationFollows(own, true).join(' ')).toContain('The key is refused from now on');
  });
});
