// What is held against a request beyond the rules of the policy, because it takes more than the ground that those stand on: the
// key of a CSR, and whether anything would change at all.
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { checkRequestedNames, parseCsr } from '@hostmaster/core/pki/csr';
import { contentOf, otherNames } from '@hostmaster/core/pki/leaf-content';
import { keyName } from '@hostmaster/core/pki/profile';
import type { Asked } from '@hostmaster/core/policy/asked';
import type { Decision, RuleResult } from '@hostmaster/core/policy/decide';
import type { Reader } from '@hostmaster/db/client';
import type { LoadedGround } from '@hostmaster/db/policy-ground';
import { csrKey } from './csr-key.ts';
import type { Proposal } from './propose.ts';

/**
 * A requester's CSR is held against the key policy, the names, and the key that is named beside it, before anything is stored.
 * @param sent as the requester wrote it: a contract that was stored by an older release may name a key that nobody asked for
 */
export function csrViolations({ contract, names }: Asked, sent: boolean): readonly Violation[] {
  const { csr, key } = contract.tls;
  if (csr === undefined) return [];
  try {
    const request = parseCsr(csr);
    const wrong = checkRequestedNames(request, [...names.map(({ hostname }) => hostname), ...otherNames(contentOf(contract.tls))]);
    return [...wrong.map((violation) => ({ ...violation, path: 'tls.csr' })), ...(sent ? otherKey(key, keyName(request.publicKey)) : [])];
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    const remedy = 'Send a PKCS#10 request in PEM, signed with its own key (ECDSA P-256 or P-384, or RSA of 2048 to 4096 bits).';
    const reason = `The certificate request cannot be read. ${error.message}`;
    if (error.violations.length === 0) return [{ rule: 'csr-readable', path: 'tls.csr', reason, remedy }];
    return error.violations.map((violation) => ({ ...violation, path: 'tls.csr' }));
  }
}

function otherKey(named: string | undefined, held: string): readonly Violation[] {
  if (named === undefined || named === held) return [];
  const reason = `It names the key ${named}, and the CSR holds ${held}.`;
  return [
    {
      rule: 'csr-other-key',
      path: 'tls.key',
      reason,
      remedy: 'Leave tls.key out where a CSR brings the key, or send a CSR with that key.',
    },
  ];
}

/** The key of a name goes with its team: whoever gives a name away must not keep what speaks for it. */
export async function keyOfGiver(db: Reader, { kind, contract, name }: Asked): Promise<readonly Violation[]> {
  const { csr } = contract.tls;
  if (kind !== 'transfer' || csr === undefined || name === null) return [];
  const ofOthers = await db.$queryRaw<{ readonly csr: string }[]>`
    SELECT DISTINCT r.contract->'tls'->>'csr' AS csr FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id
     WHERE e.hostname = ${name.hostname} AND r.contract->'tls'->>'csr' IS NOT NULL AND r.contract->>'team' <> ${contract.team}`;
  // By the key and not by the text: one key makes as many requests as its holder likes.
  const key = csrKey(csr);
  if (key === null || !ofOthers.some((other) => csrKey(other.csr) === key)) return [];
  return [
    {
      rule: 'key-of-giver',
      path: 'tls.csr',
      reason: 'The request (CSR) is made with a key of another team that has or had the name, and keeps that key.',
      remedy: `Send a request made with a key of team ${contract.team}, or none: Hostmaster makes a key then.`,
    },
  ];
}

/**
 * A change that would leave everything as it is. One that takes the place of another wish is none, nor one that brings back what
 * leaves or is being replaced, nor one that sets records or certificate right: its plan is not empty.
 */
export function nothingChanges(
  { kind, name }: Asked,
  { inForce }: LoadedGround,
  { site: { endpoint, superseded }, completed }: Pick<Proposal, 'site' | 'completed'>,
): readonly Violation[] {
  if (kind !== 'change' || completed === null || inForce === null || superseded !== null) return [];
  if (endpoint?.revision !== inForce.revision || endpoint.state === 'retiring') return [];
  const { changes, contract, certificate } = completed.plan;
  if (changes.length > 0 || contract === null || contract.changes.length > 0) return [];
  if (certificate !== null && certificate.action !== 'keep') return [];
  return [
    {
      rule: 'nothing-changes',
      reason: `${name?.unicode ?? ''} is already as this asks, by revision ${inForce.revision}: no field, no record and no certificate changes.`,
      remedy: 'Change a field. To have the name looked at again, use "Check now" on its page.',
    },
  ];
}

export function withViolations(decision: Decision, violations: readonly Violation[]): Decision {
  if (violations.length === 0) return decision;
  const results = violations.map(
    ({ rule, path = 'hostname', reason, remedy }): RuleResult => ({ rule, outcome: 'deny', reason, remedy, path, exception: null }),
  );
  return { ...decision, outcome: 'deny', results: [...decision.results, ...results], violations: [...decision.violations, ...violations] };
}
