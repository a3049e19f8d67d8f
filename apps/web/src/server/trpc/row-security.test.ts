// With the application's own authorization switched off, what is left is the database's: whoever may not do a thing changes
// nothing by it, and reads nothing that is not theirs or everybody's.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { callProcedure, matrix, procedures } from '../testing/procedures.ts';
import { createWorld, people, type Who, type World } from '../testing/world.ts';

vi.mock('@hostmaster/core/policy/authorize', async (original) => ({
  ...(await original<typeof import('@hostmaster/core/policy/authorize')>()),
  authorize: () => {},
  authorizeAtDoor: () => {},
  may: () => true,
}));

let world: World;
const headersOf = new Map<Who, Headers>();
beforeAll(async () => {
  world = await createWorld();
  for (const who of people) headersOf.set(who, await world.cookie(who));
});
afterAll(() => world.close());

const call = (name: string, type: 'query' | 'mutation', who: Who, input: unknown) =>
  callProcedure(world, headersOf.get(who) ?? new Headers(), name, type, input);

const mutations = procedures.filter(({ type }) => type === 'mutation').map(({ name }) => name);

it('the audit trail shows a stranger what befell names and what they did themselves, and nothing of what others did', async () => {
  await world.request();
  await world.token('requests:read');
  const shown = (await call('audit.list', 'query', 'stranger', {})) as { rows: { subjectKind: string; actor: { name: string } }[] };
  const kinds = new Set(shown.rows.filter(({ actor }) => actor.name !== 'stranger').map(({ subjectKind }) => subjectKind));
  expect([...kinds]).toEqual(['request']);
  const all = (await call('audit.list', 'query', 'auditor', {})) as { rows: { subjectKind: string }[] };
  expect(new Set(all.rows.map(({ subjectKind }) => subjectKind))).toContain('token');
});

it.each(mutations)('%s changes nothing for whoever may not', async (name) => {
  const row = matrix[name];
  const changed: Record<string, readonly string[]> = {};
  for (const who of people.filter((each) => !row?.sessions.includes(each))) {
    const input: unknown = await row?.input?.(world);
    const before = await world.fingerprint();
    await call(name, 'mutation', who, input).catch(() => {});
    const after = await world.fingerprint();
    changed[who] = Object.keys(after).filter((table) => after[table] !== before[table]);
  }
  expect(changed).toEqual(Object.fromEntries(Object.keys(changed).map((who) => [who, []])));
});

it('whoever may, still does', async () => {
  await call('environments.create', 'mutation', 'platform', { slug: 'stage', name: 'Stage' });
  const { rows } = (await call('environments.list', 'query', 'stranger', {})) as { rows: { slug: string }[] };
  expect(rows.map(({ slug }) => slug)).toContain('stage');
});
