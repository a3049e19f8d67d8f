// From zone to zone: who is asked for which name of a chain.
import type { ToldAddresses } from '@hostmaster/core/probe/prober';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { type Leads, leadsTo } from './leads-to.ts';
import { loadSubject, type Subject } from './subject.ts';

let world: Reconciling;
let subject: Subject;
const hostname = `chain.dev.${zoneApex}`;
beforeAll(async () => {
  world = await createReconciling();
  await world.ask(hostname);
  await world.runDue();
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  subject = await loadSubject(world.worker, world.db, id);
  await connect('other.test', 'public');
  await connect('deep.other.test', 'public');
  await connect('third.test', 'public');
  await connect('inner.test', 'internal');
  await connect('gone.test', 'public', { givenUpAt: new Date() });
  await connect('locked.test', 'public', { questions: 'signed' });
});
afterAll(() => world.close());

/** A zone whose only server is named as its apex. */
async function connect(apex: string, view: 'public' | 'internal', { questions = 'unsigned', givenUpAt = null as Date | null } = {}) {
  const { ownerTeamId, provider } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  const settings = { primary: { address: '127.0.0.1', port: 53 }, tsig: { name: 'key', algorithm: 'hmac-sha256' }, questions };
  const servers = [{ name: apex, address: '127.0.0.1', port: 53 }];
  await world.db.zone.create({ data: { apex, view, provider, connection: settings, servers, ownerTeamId, givenUpAt } });
}

type Told = Partial<ToldAddresses> | null;
/** What is said of each name, and by whom; who was asked for what is noted in order. */
async function follow(said: Readonly<Record<string, Told>>, system: Readonly<Record<string, string[]>> = {}) {
  const asked: string[] = [];
  const prober: WorkerCtx['prober'] = {
    ...world.worker.prober,
    askAddresses: async (name, [server]) => {
      asked.push(`${name} at ${server?.name}`);
      const told = said[name];
      return told === undefined || told === null ? null : { addresses: [], onward: [], empty: [], ...told };
    },
    resolve: async (name) => {
      asked.push(`${name} at the resolver`);
      return system[name] ?? [];
    },
  };
  const leads: Leads = await leadsTo({ ...world.worker, prober }, subject, AbortSignal.timeout(10_000));
  return { ...leads, asked: asked.slice(1), first: asked[0] };
}
const to = (...onward: string[]): Told => ({ onward });

describe('an alias is followed', () => {
  it('at the servers of the zone that it leads into, whatever the resolver says', async () => {
    const said = { [hostname]: to('app.other.test'), 'app.other.test': { addresses: ['192.0.2.1'] } };
    expect(await follow(said, { 'app.other.test': ['192.0.2.9'] })).toMatchObject({
      addresses: ['192.0.2.1'],
      resolvedBy: 'servers',
      first: `${hostname} at ns1`,
      asked: ['app.other.test at other.test'],
    });
  });

  it('at those of the longest apex, and onward from zone to zone, back into its own too', async () => {
    const said = {
      [hostname]: to('a.deep.other.test'),
      'a.deep.other.test': to('b.third.test'),
      'b.third.test': to(`c.${zoneApex}`),
      [`c.${zoneApex}`]: { addresses: ['192.0.2.1'] },
    };
    expect(await follow(said)).toMatchObject({
      addresses: ['192.0.2.1'],
      asked: ['a.deep.other.test at deep.other.test', 'b.third.test at third.test', `c.${zoneApex} at ns1`],
    });
  });

  it.each([
    ['in no zone', 'lb.example.net'],
    ['in a zone of another view', 'app.inner.test'],
    ['in a zone that was given up', 'app.gone.test'],
    ['in a zone whose key cannot be opened', 'app.locked.test'],
  ])('by the resolver where it leads to a name %s', async (_, target) =>
    expect(await follow({ [hostname]: to(target) }, { [target]: ['192.0.2.7'] })).toMatchObject({
      addresses: ['192.0.2.7'],
      asked: [`${target} at the resolver`],
    }),
  );

  it('by the resolver where the servers of its zone say nothing', async () =>
    expect(await follow({ [hostname]: to('app.other.test') }, { 'app.other.test': ['192.0.2.7'] })).toMatchObject({
      addresses: ['192.0.2.7'],
      asked: ['app.other.test at other.test', 'app.other.test at the resolver'],
    }));

  it('to all that servers which differ lead to, and no further than to the first addresses of each', async () => {
    const said = {
      [hostname]: to('a.other.test', 'b.third.test'),
      'a.other.test': { addresses: ['192.0.2.1'], onward: ['more.other.test'] },
      'b.third.test': { addresses: ['192.0.2.2'] },
    };
    expect(await follow(said)).toMatchObject({ addresses: ['192.0.2.1', '192.0.2.2'] });
  });

  it('once around a loop, and not for ever', async () => {
    const said = { [hostname]: to('a.other.test'), 'a.other.test': to('b.third.test'), 'b.third.test': to('a.other.test') };
    expect(await follow(said)).toMatchObject({ addresses: [], asked: ['a.other.test at other.test', 'b.third.test at third.test'] });
  });

  it('for five steps, and to four names in one', async () => {
    const chain = Array.from({ length: 9 }, (_, at) => `n${at}.other.test`);
    const said = Object.fromEntries([[hostname, to('n0.other.test')], ...chain.map((name, at) => [name, to(`n${at + 1}.other.test`)])]);
    expect((await follow(said)).asked).toHaveLength(5);
    expect((await follow({ [hostname]: to(...chain), ...Object.fromEntries(chain.map((name) => [name, {}])) })).asked).toHaveLength(4);
  });
});

describe('that there is no address', () => {
  it.each<readonly [string, Told, boolean]>([
    ['is told where its own servers deny the name', { empty: [hostname] }, true],
    ['is told where they deny a name of their zone that it leads to', { empty: [`gone.${zoneApex}`] }, true],
    ['is not told of a name of another zone, though the same servers deny it', { empty: [hostname, 'secret.other.test'] }, false],
    ['is not told where one of them leads on', { empty: [hostname], onward: ['a.other.test'] }, false],
    ['is not told where one of them has an address', { empty: [hostname], addresses: ['192.0.2.1'] }, false],
  ])('%s', async (_, told, ownsNone) => expect(await follow({ [hostname]: told })).toMatchObject({ ownsNone }));

  it('is not told by the resolver, and not where another zone denies it', async () => {
    expect(await follow({})).toMatchObject({ ownsNone: false });
    expect(await follow({ [hostname]: to('a.other.test'), 'a.other.test': { empty: ['a.other.test'] } })).toMatchObject({
      addresses: [],
      ownsNone: false,
    });
  });
});
