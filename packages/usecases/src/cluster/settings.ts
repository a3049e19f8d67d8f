import type { ClusterInput } from '@hostmaster/core/contract/cluster';
import type { Violation } from '@hostmaster/core/errors';
import { type Hostname, isWildcard } from '@hostmaster/core/hostname/hostname';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { whyUnanswered } from '@hostmaster/core/hostname/special-use';
import type { Tx } from '@hostmaster/db/client';
import { unknownEnvironments } from '../environment/known.ts';
import { refuse } from '../violation.ts';

/** What is said of a cluster beside its name. */
export type ClusterSettings = Omit<ClusterInput, 'slug'>;

/** What was asked for, in the form in which it is said and in which it is stored. Errors: invalid-input with everything that is wrong. */
export async function settingsOf(tx: Tx, input: ClusterInput) {
  const violations: Violation[] = [];
  const hostname = readHostname(input.hostname, violations);
  violations.push(...(await unknownEnvironments(tx, [input.environment], 'environment')));
  const found = await destinationNamed(tx, input.destination);
  if (input.destination !== null && found === null) violations.push(noDestination(input.destination));
  refuse(violations);
  if (hostname === null) throw new TypeError('unreachable: a violation was refused');
  const { environment, certificateLimit, destination } = input;
  const columns = { hostname, environment, public: input.public, certificateLimit };
  return { settings: { ...columns, destination }, columns: { ...columns, destinationId: found } };
}

/** Its id, held until the transaction ends; null where there is none. */
async function destinationNamed(tx: Tx, slug: string | null): Promise<string | null> {
  if (slug === null) return null;
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id::text FROM destination WHERE slug = ${slug} FOR KEY SHARE`;
  return rows[0]?.id ?? null;
}

const noDestination = (slug: string): Violation => ({
  rule: 'destination-exists',
  path: 'destination',
  reason: `There is no destination ${slug}.`,
  remedy: 'Connect it first, or leave it out.',
});

/** A cluster as it is stored, with the short name of its destination, and as it is said. */
export const withDestination = { destination: { select: { slug: true } } } as const;
export function settingsIn(
  row: Omit<ClusterSettings, 'destination'> & { readonly destination: { readonly slug: string } | null },
): ClusterSettings {
  const { hostname, environment, public: takesPublic, certificateLimit, destination } = row;
  return { hostname, environment, public: takesPublic, certificateLimit, destination: destination?.slug ?? null };
}

function readHostname(text: string, violations: Violation[]): Hostname | null {
  const parsed = parseHostname(text);
  if (!parsed.ok) violations.push(...parsed.violations);
  else if (isWildcard(parsed.hostname))
    violations.push({
      rule: 'hostname-wildcard',
      path: 'hostname',
      reason: 'A CNAME leads to a single name.',
      remedy: 'Give the name under which the cluster is reached.',
    });
  else if (whyUnanswered(parsed.hostname) !== null)
    violations.push({
      rule: 'target-name',
      path: 'hostname',
      reason: `${parsed.hostname} ${whyUnanswered(parsed.hostname)}.`,
      remedy: 'Give the name under which the cluster is reached.',
    });
  return parsed.ok ? parsed.hostname : null;
}
