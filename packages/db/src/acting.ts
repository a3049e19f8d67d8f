// The portal's connections carry who acts, so that the database holds every statement against what that actor may do
// (row-security.ts). A connection is told before its first statement for another actor than the last.
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Db } from './client.ts';

const shared = globalThis as { hostmasterActing?: AsyncLocalStorage<string> };
/**
 * As the functions of the database read it; nobody: empty. One per process, however often a bundler instantiates this module:
 * a pool that one instance opened would not hear for whom another one asks.
 */
shared.hostmasterActing ??= new AsyncLocalStorage<string>();
const acting = shared.hostmasterActing;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void;

/** A pool whose connections act for whoever asks for them. */
export class ActingPool extends pg.Pool {
  readonly #told = new WeakMap<pg.PoolClient, string>();

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    const connected = this.#connectAs(acting.getStore() ?? '');
    if (callback === undefined) return connected;
    connected.then(
      (client) => callback(undefined, client, (release) => client.release(release as Error | boolean | undefined)),
      (error: Error) => callback(error, undefined, () => {}),
    );
  }

  async #connectAs(actor: string): Promise<pg.PoolClient> {
    const client = await super.connect();
    if ((this.#told.get(client) ?? '') === actor) return client;
    try {
      await client.query({ name: 'act', text: `SELECT set_config('hostmaster.actor', $1, false)`, values: [actor] });
    } catch (error) {
      // Nobody knows for whom it would act.
      client.release(true);
      throw error;
    }
    this.#told.set(client, actor);
    return client;
  }
}

type Method = (...args: readonly unknown[]) => unknown;

/** Runs whatever the method starts for the actor: what Prisma hands out begins only when it is awaited. */
const asActor =
  (target: object, method: Method, actor: string): Method =>
  (...args) =>
    acting.run(actor, async () => Reflect.apply(method, target, args));

/** Who acts: a person, a token of theirs, or a service that a team answers for. */
export type Acting = {
  readonly kind: string;
  readonly id: string;
  readonly answerer?: { readonly kind: string; readonly id: string };
};

/** As `acting()` of the database reads it. */
const settingOf = ({ kind, id, answerer }: Acting): string => (answerer?.kind === 'team' ? `team:${answerer.id}:${id}` : `${kind}:${id}`);

/**
 * The same database for one actor: everything that goes through it acts for them. Whoever is neither a person nor a service may
 * do nothing here.
 */
export function actingDb(db: Db, who: Acting): Db {
  const actor = settingOf(who);
  const bound = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value === 'function') return asActor(target, value as Method, actor);
        // The tables are objects, each with methods of its own.
        return typeof value === 'object' && value !== null ? bound(value) : value;
      },
    });
  return bound(db);
}
