import { isNameWithin } from '@hostmaster/core/dns/wire/name';

/** The name one label up, '.' above a single label, null for the root; an escaped dot is no boundary. Canonical names only. */
export function parentName(name: string): string | null {
  if (name === '.') return null;
  for (let at = 0; at < name.length; at += 1) {
    if (name[at] === '\\') at += 1;
    else if (name[at] === '.') return name.slice(at + 1);
  }
  return '.';
}

/** `name`, its parent, and so on up to and including `apex`; none where the name is outside the zone. */
export function* lineage(name: string, apex: string): Generator<string> {
  if (!isNameWithin(name, apex)) return;
  for (let at: string | null = name; at !== null; at = parentName(at)) {
    yield at;
    if (at === apex) return;
  }
}

/** The wildcard directly below `name` (RFC 4592 §2.1.1). */
export const wildcardBelow = (name: string): string => (name === '.' ? '*' : `*.${name}`);
