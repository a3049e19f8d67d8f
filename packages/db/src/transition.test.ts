import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointEvents, endpointMachine } from '@hostmaster/core/endpoint/state';
import { operationEvents, operationMachine } from '@hostmaster/core/operation/state';
import { certificateEvents, certificateMachine } from '@hostmaster/core/pki/certificate-state';
import { orderEvents, orderMachine } from '@hostmaster/core/pki/order-state';
import { rootEvents, rootMachine } from '@hostmaster/core/pki/root-state';
import { requestEvents, requestMachine } from '@hostmaster/core/request/state';
import type { StateMachine } from '@hostmaster/core/state-machine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from './client.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transition } from './transition.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

describe('a transition', () => {
  const begin = async (state: 'pending' | 'running' | 'waiting' | 'succeeded', subject: string) => {
    const row = {
      kind: 'zone',
      purpose: 'read',
      subject,
      generation: 1,
      step: 'read',
      reason: 'Asked.',
      movesNext: 'hostmaster',
      state,
    } as const;
    return (await behindTheBack(ground.db).operation.create({ data: row })).id;
  };
  const stateOf = async (id: string) => (await ground.db.operation.findUniqueOrThrow({ where: { id } })).state;

  it('moves what the event can happen to, with the data that belongs to it, and says how many', async () => {
    const id = await begin('running', 'moves');
    expect(await transition(ground.db, 'operation', { id }, 'wait', { reason: 'Waits.' })).toBe(1);
    expect(await ground.db.operation.findUnique({ where: { id } })).toMatchObject({ state: 'waiting', reason: 'Waits.' });
  });

  it('leaves alone, and counts not, what the event cannot happen to', async () => {
    const id = await begin('succeeded', 'over');
    expect(await transition(ground.db, 'operation', { id }, 'supersede', { reason: 'Never.' })).toBe(0);
    expect(await ground.db.operation.findUnique({ where: { id } })).toMatchObject({ state: 'succeeded', reason: 'Asked.' });
  });

  it('of many at once one moves the row', async () => {
    const id = await begin('running', 'race');
    const moved = await Promise.all(Array.from({ length: 8 }, () => transition(ground.db, 'operation', { id }, 'succeed')));
    expect(moved.filter((count) => count === 1)).toHaveLength(1);
    expect(await stateOf(id)).toBe('succeeded');
  });

  it('moves rows in different states each to its own, once', async () => {
    const ids = [await begin('pending', 'each 1'), await begin('running', 'each 2'), await begin('succeeded', 'each 3')];
    expect(await transition(ground.db, 'operation', { id: { in: ids } }, 'supersede')).toBe(2);
    expect(await Promise.all(ids.map(stateOf))).toEqual(['superseded', 'superseded', 'succeeded']);
  });
});

const machines: readonly [string, StateMachine<string, string>, readonly string[]][] = [
  ['request', requestMachine, requestEvents],
  ['endpoint', endpointMachine, endpointEvents],
  ['certificateOrder', orderMachine, orderEvents],
  ['certificate', certificateMachine, certificateEvents],
  ['operation', operationMachine, operationEvents],
  ['issuer', rootMachine, rootEvents],
];

it.each(machines)('%s: an event that happened leads nowhere else when it happens again', (_, machine, events) => {
  for (const event of events)
    for (const state of machine.states) {
      const once = machine.next(state, event);
      if (once !== null) expect([once, null]).toContain(machine.next(once, event));
    }
});

describe('no state is written past the tables', () => {
  it('through the client: the types refuse it', () => {
    const writes = (db: Db) => [
      // @ts-expect-error a state moves through `transition`
      () => db.endpoint.update({ where: { id: '' }, data: { state: 'live' } }),
      // @ts-expect-error a state moves through `transition`
      () => db.certificate.updateMany({ data: { state: 'served' } }),
      // @ts-expect-error a state moves through `transition`
      () => db.request.updateMany({ data: { state: 'applied' } }),
      // @ts-expect-error a state moves through `transition`
      () => db.operation.updateMany({ data: { state: 'succeeded' } }),
    ];
    expect(writes(ground.db)).toHaveLength(4);
  });

  it('through SQL: no statement outside the claim names a state to write', () => {
    const root = join(import.meta.dirname, '../../..');
    const sources = ['packages/db/src', 'packages/usecases/src', 'apps/worker/src', 'apps/web/src'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    );
    const writesState = (sql: string) =>
      [
        ...sql.matchAll(/UPDATE\s+(?:endpoint|request|certificate_order|certificate|operation)\b[^`]*?\bSET\b([^`]*?)(?:\bWHERE\b|`)/g),
      ].some(([, set = '']) => /\bstate\s*=/.test(set));
    const writing = sources.filter(
      (path) => /(?<!\.test)\.tsx?$/.test(path) && !path.includes('generated') && writesState(readFileSync(join(root, path), 'utf8')),
    );
    expect(writing).toEqual(['packages/db/src/operation.ts']);
  });
});
