import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { isPublicSuffix } from '@hostmaster/core/hostname/public-suffix';

/** Throws `invalid-input` with all of them, or passes. */
export function refuse(violations: readonly Violation[]): void {
  const [first] = violations;
  if (first === undefined) return;
  throw new HostmasterError('invalid-input', violations.length === 1 ? first.reason : `${violations.length} things are not valid.`, {
    violations,
  });
}

/** A domain under which names are claimed: parsed, and without a wildcard. Violations are added to the list. */
export function parseSuffix(text: string, path: string, violations: Violation[]): Hostname | null {
  const parsed = parseHostname(text, path);
  if (!parsed.ok) {
    violations.push(...parsed.violations);
    return null;
  }
  if (!parsed.hostname.startsWith('*.')) return parsed.hostname;
  violations.push({
    rule: 'hostname-wildcard',
    path,
    reason: 'A suffix covers everything below it already.',
    remedy: 'Leave the "*." out.',
  });
  return null;
}

/** A domain that belongs to somebody: a suffix that is no public one. Violations are added to the list. */
export function parseOwnDomain(text: string, path: string, violations: Violation[]): Hostname | null {
  const suffix = parseSuffix(text, path, violations);
  if (suffix === null || !isPublicSuffix(suffix)) return suffix;
  violations.push({
    rule: 'public-suffix',
    path,
    reason: `${suffix} is a public suffix: names below it belong to unrelated people.`,
    remedy: `Give one of your own domains, such as example.${suffix}.`,
  });
  return null;
}
