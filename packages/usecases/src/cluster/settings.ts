import type { ClusterInput } from '@hostmaster/core/contract/cluster';
import type { Violation } from '@hostmaster/core/errors';
import { type Hostname, isWildcard } from '@hostmaster/core/hostname/hostname';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { whyUnanswered } from '@hostmaster/core/hostname/special-use';
import type { Tx } from '@hostmaster/db/client';
import { unknownEnvironments } from '../environment/known.ts';
import { refuse } from '../violation.ts';

/** What is stored of a cluster beside its name. */
export type ClusterSettings = Omit<ClusterInput, 'slug'>;

/** What was asked for, in the form in which it is stored. Errors: invalid-input with everything that is wrong. */
export async function settingsOf(tx: Tx, input: ClusterInput): Promise<ClusterSettings> {
  const violations: Violation[] = [];
  const hostname = readHostname(input.hostname, violations);
  violations.push(...(await unknownEnvironments(tx, [input.environment], 'environment')));
  refuse(violations);
  if (hostname === null) throw new TypeError('unreachable: a violation was refused');
  const { environment, certificateLimit } = input;
  return { hostname, environment, public: input.public, certificateLimit };
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
