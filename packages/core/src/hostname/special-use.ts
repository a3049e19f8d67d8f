import type { Hostname } from './hostname.ts';

/** Top labels that no zone answers for, each with what becomes of a name below it (the IANA registry of Special-Use Domain Names). */
const unanswered: ReadonlyMap<string, string> = new Map([
  ['localhost', 'is wherever it is asked for (RFC 6761 §6.3)'],
  ['invalid', 'is never there (RFC 6761 §6.4)'],
  ['local', 'is asked for on the local link, and not in DNS (RFC 6762 §3)'],
  ['onion', 'is no name of DNS (RFC 7686)'],
  ['alt', 'is no name of DNS (RFC 9476)'],
]);

/** Why nobody is led anywhere by the name, as what follows it in a sentence; null for every other name. `test` may have zones. */
export const whyUnanswered = (hostname: Hostname): string | null => unanswered.get(hostname.slice(hostname.lastIndexOf('.') + 1)) ?? null;
