// Every procedure × every kind of asker. A procedure without a row here fails, and so does a row that no procedure has:
// whoever adds a door says here who may go through it.
import { requestBatch } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Scope } from '@hostmaster/core/policy/roles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restRoutes } from '../rest/routes.ts';
import { callProcedure, matrix, procedures, type Row } from '../testing/procedures.ts';
import { createWorld, everyScope, people, type World } from '../testing/world.ts';
import { ownErrorOf } from './own-error.ts';

let world: World;
/** Of every kind of asker, by what they are. */
const headersOf = new Map<string, Headers>();
const everything = 'token with every scope';
const withScope = (scope: Scope): string => `token with ${scope} alone`;
const without = (scope: Scope): string => `token with every scope but ${scope}`;

beforeAll(async () => {
  world = await createWorld();
  headersOf.set('nobody', new Headers());
  for (const who of people) headersOf.set(who, await world.cookie(who));
  const bearer = async (...held: Scope[]) => new Headers({ authorization: `Bearer ${await world.token(...held)}` });
  headersOf.set(everything, await bearer(...everyScope));
  for (const scope of everyScope) {
    headersOf.set(withScope(scope), await bearer(scope));
    headersOf.set(without(scope), await bearer(...everyScope.filter((other) => other !== scope)));
  }
});
afterAll(() => world.close());

const refusals = ['not-signed-in', 'forbidden', 'self-review'];

/** The code of the refusal, or "allowed": whatever happens behind the authorization is not the matter here. */
async function verdict({ name, type, refusals: said }: (typeof procedures)[number], row: Row, headers: Headers): Promise<string> {
  const input: unknown = await row.input?.(world);
  try {
    const answer = await callProcedure(world, headers, name, type, input);
    const parts = requestBatch.safeParse(answer).data?.results ?? [];
    const codes = parts.flatMap((part) => ('problem' in part ? [part.problem.code] : []));
    return codes.find((code) => refusals.includes(code)) ?? 'allowed';
  } catch (error) {
    const own = ownErrorOf(error);
    if (own.code === 'internal' || own.code === 'invalid-input')
      throw new HostmasterError(own.code, `${name}: ${own.message}`, { cause: error });
    // Routes of the same procedure say in the OpenAPI document what they refuse with.
    const documented = restRoutes.find((route) => route.name === name)?.refusals ?? [...refusals, ...said];
    expect(documented, `${name} refuses with ${own.code}, which its meta does not say`).toContain(own.code);
    return refusals.includes(own.code) || (row.hidden && own.code === 'not-found') ? own.code : 'allowed';
  }
}

describe('the authorization matrix', () => {
  it('has a row for every procedure, and no other', () => {
    expect(Object.keys(matrix).sort()).toEqual(procedures.map(({ name }) => name).sort());
  });

  it.each(procedures)('$name', async (procedure) => {
    const { name } = procedure;
    const row = matrix[name];
    if (row === undefined) throw new Error(`${name} has no row in the matrix`);
    const refused = row.hidden ? 'not-found' : 'forbidden';
    const expected: Record<string, string> = { nobody: row.open ? 'allowed' : 'not-signed-in' };
    for (const who of people) expected[who] = row.sessions.includes(who) ? 'allowed' : (row.otherwise?.[who] ?? refused);
    if (row.scope === null || row.scope === 'session') expected[everything] = row.scope === null ? 'allowed' : 'forbidden';
    else {
      expected[withScope(row.scope)] = 'allowed';
      expected[without(row.scope)] = 'forbidden';
    }
    const actual: Record<string, string> = {};
    for (const who of Object.keys(expected)) {
      const headers = headersOf.get(who);
      if (headers === undefined) throw new Error(`Nobody is called ${who}.`);
      actual[who] = await verdict(procedure, row, headers);
    }
    expect(actual).toEqual(expected);
  });
});
