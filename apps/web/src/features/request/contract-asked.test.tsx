import { completedContract } from '@hostmaster/core/contract/endpoint';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ContractChanges } from './contract-asked';

const contract = (more: object = {}) =>
  completedContract.parse({
    apiVersion: 'hostmaster/v1',
    hostname: 'a.example.test',
    team: 'orders',
    environment: 'dev',
    view: 'public',
    target: { addresses: ['192.0.2.1'] },
    ttl: 'service',
    tls: { termination: 'edge', source: 'internal-ca', challenge: 'none', key: 'ecdsa-p256', extraNames: [] },
    routing: { port: 443, healthPath: '/health' },
    edge: {},
    owners: {},
    ...more,
  });
const minute = (count: number) => new Date(Date.UTC(2026, 10, 20, 12, count)).toISOString();
const revision = (number: number, more: object = {}) => ({
  number,
  contract: contract(more),
  recordSets: [],
  plan: { hash: '', zone: 'example.test', servers: [], changes: [], certificate: null, notes: [] },
  request: { id: `request-${number}`, number, state: 'applied' as const },
  takesBack: false,
  approvedAt: minute(number),
  standing: number === 2 ? ('in-force' as const) : ('replaced' as const),
});
const ofAsked = { id: 'asked', number: 9, state: 'failed' as const };
const request = (more: object) => ({
  id: 'asked',
  state: 'in-review' as const,
  contract: contract(),
  createdAt: minute(30),
  decidedAt: null,
  ...more,
});
const inForce = [revision(2), revision(1, { ttl: 300 })];

/** What is read, tags left out. */
const read = (of: Parameters<typeof ContractChanges>[0]): string =>
  renderToStaticMarkup(<ContractChanges {...of} />)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('what a request changes in the contract', () => {
  it.each([
    ['edge', { edge: { sources: 'any' } }, 'edge.sources nothing → became any'],
    ['routing', { routing: { port: 8443, healthPath: '/health' } }, 'routing.port 443 → became 8443'],
    ['owners', { owners: { app: 'checkout' } }, 'owners.app nothing → became checkout'],
  ])('is shown with what was before, where %s alone changes and no record does', (_, part, said) =>
    expect(read({ request: request({ contract: contract(part) }), revisions: inForce })).toBe(`Contract against revision 2 ${said}`),
  );

  it('is that no field does, where that is so; why it is needed stands elsewhere', () =>
    expect(read({ request: request({ contract: contract({ justification: 'Why.' }) }), revisions: inForce })).toBe(
      'Contract against revision 2 No field changes.',
    ));

  it('is held against the revision before its own, however many came later, its reversal included', () => {
    const own = { ...revision(3, { ttl: 60 }), request: ofAsked, standing: 'taken-back' as const };
    const reversal = { ...revision(4), request: ofAsked, takesBack: true };
    const asked = request({ state: 'failed', contract: own.contract });
    expect(read({ request: asked, revisions: [revision(5), reversal, own, ...inForce] })).toBe(
      'Contract against revision 2 ttl service → became 60',
    );
  });

  it('is held against what was in force when it ended, where it came to nothing', () => {
    const asked = request({ state: 'rejected', contract: contract({ ttl: 60 }), createdAt: minute(0), decidedAt: minute(1) });
    expect(read({ request: asked, revisions: inForce })).toBe('Contract against revision 1 ttl 300 → became 60');
  });

  it('is held against the one in force, also where a newer one was given up before it was written', () => {
    const asked = request({ contract: contract({ ttl: 60 }) });
    expect(read({ request: asked, revisions: [{ ...revision(3, { ttl: 900 }), standing: 'came-to-nothing' }, ...inForce] })).toBe(
      'Contract against revision 2 ttl service → became 60',
    );
  });

  it('is held against the one in force, also after its own was approved and before it is in the zone', () => {
    const own = { ...revision(4, { ttl: 60 }), request: ofAsked, standing: 'underway' as const };
    const givenUp = { ...revision(3, { ttl: 900 }), standing: 'came-to-nothing' as const };
    const asked = request({ state: 'approved', contract: own.contract });
    expect(read({ request: asked, revisions: [own, givenUp, ...inForce] })).toBe('Contract against revision 2 ttl service → became 60');
  });

  it('is nothing for a name that was made by it', () =>
    expect(read({ request: request({}), revisions: [{ ...revision(1), request: ofAsked }] })).toBe(''));
});
