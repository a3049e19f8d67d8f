// The checks of a kind of issuer, made one after the other as the worker makes them.
import { HostmasterError } from '@hostmaster/core/errors';
import type { IssuerDescriptor, TestedIssuer } from '@hostmaster/core/pki/issuer';

export type Found = { readonly ok: boolean | null; readonly message: string; readonly remedy: string | null };

/** By check: what it found. One that needs another which did not pass is not made. */
export async function checksOf(
  { checks, openTest }: Pick<IssuerDescriptor<never>, 'checks' | 'openTest'>,
  connection: TestedIssuer<Record<string, unknown>>,
  deps: object,
): Promise<Readonly<Record<string, Found>>> {
  const tested = openTest === undefined ? undefined : Reflect.apply(openTest, undefined, [connection, deps]);
  const { settings, suffixes } = connection;
  const found: Record<string, Found> = {};
  for (const { name, needs, run, remedy } of checks) {
    if (needs !== undefined && found[needs]?.ok !== true) {
      found[name] = { ok: null, message: '', remedy: null };
      continue;
    }
    try {
      found[name] = { ok: true, message: await run(tested, AbortSignal.timeout(20_000)), remedy: null };
    } catch (error) {
      if (!(error instanceof HostmasterError)) throw error;
      found[name] = { ok: false, message: error.message, remedy: remedy(error.code, { settings, suffixes }) };
    }
  }
  return found;
}
