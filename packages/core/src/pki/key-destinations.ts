// Which servers private keys may be handed to: API servers of clusters, receivers of webhooks, vaults, and accounts of AWS. The host of the worker
// says so, and nobody in the portal.
import { z } from 'zod';

/** One name for the variable, for whoever is told to set it. */
export const keyDestinationsVariable = 'HOSTMASTER_KEY_DESTINATIONS';

const longest = 300;
const most = 200;
const anyPortHere = /^https:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\*$/;

/** An account of AWS in a region: at the one address of the region all of them are asked, so that it says nothing of whose they are. */
const anAccount = /^arn:aws(?:-cn|-us-gov)?:acm:[a-z0-9-]{1,32}:\d{12}$/;

/** Null where it is no origin over HTTPS. */
function originOf(text: string): string | null {
  if (anyPortHere.test(text)) return text;
  if (text.length > longest || !URL.canParse(text)) return null;
  const { protocol, hostname, origin, href } = new URL(text);
  // With nothing behind it, or before: neither path nor query nor somebody's name.
  const isBare = href === `${origin}/` && !/[?#@*]/.test(text);
  return protocol === 'https:' && /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(hostname) && isBare ? origin : null;
}

/**
 * Origins such as `https://k8s-1.example.org:6443`, one after the other between white space or commas; `https://localhost:*` is whatever
 * port of the worker's own host; or accounts of AWS such as `arn:aws:acm:eu-central-1:123456789012`. Empty: none.
 */
export const keyDestinations = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
  .pipe(
    z
      .array(
        z.string().transform((text, context) => {
          const origin = anAccount.test(text) ? text : originOf(text);
          if (origin !== null) return origin;
          context.addIssue({
            code: 'custom',
            message:
              'Give an origin such as https://k8s-1.example.org:6443, without a path, or an account of AWS such as arn:aws:acm:eu-central-1:123456789012.',
          });
          return z.NEVER;
        }),
      )
      .max(most, `Give at most ${most} of them.`),
  );

/** @param servers as `keyDestinations` reads them @param address a URL, with whatever path */
export function isKeyDestination(servers: readonly string[], address: string): boolean {
  const { protocol, hostname, origin } = new URL(address);
  return servers.includes(origin) || servers.includes(`${protocol}//${hostname}:*`);
}
