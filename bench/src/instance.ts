// Somebody who is signed in to a Hostmaster that runs as `npm start` brings it up, and calls its API.
import { readAnnouncement } from '@hostmaster/embedded/announcement';
import { z } from 'zod';

/** Brings up an instance with its own ports and folder; `announcement` is the path of its start.json. */
export type StartInstance = (options: { readonly workers: number }) => Promise<{ readonly announcement: string; stop(): Promise<void> }>;

/** Calls the REST API as somebody of the demo. Throws for anything but a 2xx. */
export type Call = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;

/** The port on which the names of the demo's zone are served. */
export const edgePortOf = (announcement: string): number => readAnnouncement(announcement).edge.port;

/** The portal's port, from which those of the other programs follow. */
export const portalPort = (announcement: string): number => Number(new URL(readAnnouncement(announcement).portal).port);

/** @param account `app` is the application team, `platform` the team that owns the zone */
export async function signedIn(announcement: string, signal: AbortSignal, account: 'app' | 'platform' = 'app'): Promise<Call> {
  const { portal, api, signIns } = readAnnouncement(announcement);
  const person = signIns.find((each) => each.account === account);
  if (person === undefined) throw new Error(`The demo has no account ${account}.`);
  const cookie = await signIn(portal, { account: person.email, password: person.password }, signal);
  return async (method, path, body) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { cookie, origin: portal, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

/** As a person, whom no limit of calls per minute holds back as it does a token: polling is most of what a bench calls. @returns the Cookie header */
async function signIn(portal: string, credentials: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  const first = await fetch(`${portal}/api/auth/csrf`, { signal });
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await first.json());
  const response = await fetch(`${portal}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { cookie: cookiesOf(first), origin: portal },
    body: new URLSearchParams({ ...credentials, csrfToken, json: 'true' }),
    redirect: 'manual',
    signal,
  });
  const cookie = cookiesOf(response);
  if (!cookie.includes('hostmaster-session=')) throw new Error(`The sign-in was answered with ${response.status} and no session.`);
  return cookie;
}
