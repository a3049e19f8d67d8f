// The checks of a kind of issuer or destination, made one after the other as the worker makes them.
import { type ConnectionCheck, remedyFor } from '@hostmaster/core/connection-check';
import { HostmasterError } from '@hostmaster/core/errors';

export type Found = { readonly ok: boolean | null; readonly message: string; readonly remedy: string | null };

type Connected = { readonly slug: string; readonly settings: Record<string, unknown>; readonly suffixes?: readonly string[] };
type Checked = { readonly checks: readonly ConnectionCheck<never, never>[]; readonly openTest?: (...asked: never[]) => unknown };

/** By check: what it found. One that needs another which did not pass is not made. */
export async function checksOf(
  { checks, openTest }: Checked,
  connection: Connected & Record<string, unknown>,
  deps: object,
): Promise<Readonly<Record<string, Found>>> {
  const tested = openTest === undefined ? undefined : Reflect.apply(openTest, undefined, [connection, deps]);
  const about = { settings: connection.settings, suffixes: connection.suffixes ?? [] };
  const found: Record<string, Found> = {};
  for (const { name, needs, run, remedy } of checks) {
    if (needs !== undefined && found[needs]?.ok !== true) {
      found[name] = { ok: null, message: '', remedy: null };
      continue;
    }
    try {
      found[name] = { ok: true, message: await Reflect.apply(run, undefined, [tested, AbortSignal.timeout(20_000)]), remedy: null };
    } catch (error) {
      if (!(error instanceof HostmasterError)) throw error;
      found[name] = { ok: false, message: error.message, remedy: remedyFor(error, Reflect.apply(remedy, undefined, [error.code, about])) };
    }
  }
  return found;
}
