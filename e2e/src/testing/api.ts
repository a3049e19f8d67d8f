// The two doors of automation: REST by plain fetch, and a tRPC client typed by the server's router.
import { createClient } from '../../../packages/client/src/index.ts';
import { instance, type Role, tokenOf } from './instance.ts';

const MILLISECONDS = 60_000;

export type RestAnswer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** @param path below /api/v1 */
export async function rest(role: Role, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, headers = {}): Promise<RestAnswer> {
  const response = await fetch(`${instance.api}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${tokenOf(role)}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(MILLISECONDS),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

export const trpc = (role: Role) => createClient({ url: instance.portal, token: tokenOf(role) });
