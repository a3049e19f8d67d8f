import type { Violation } from '@hostmaster/core/errors';
import type { ImportedCertificate } from '@hostmaster/core/pki/imported-certificate';
import { askedOf } from '@hostmaster/core/policy/asked';
import { decide } from '@hostmaster/core/policy/decide';
import { shownText } from '@hostmaster/core/shown-text';
import type { WorkerCtx } from '../context.ts';
import type { Subject } from '../reconcile/subject.ts';
import { groundOf } from '../request/load-ground.ts';

/** Names that are looked up; a contract has 20 besides its hostname. */
const most = 100;
/** Names that a message says. */
const mostShown = 5;

/**
 * What a certificate speaks for beyond its contract. Where TLS ends, servers choose it by the names that are in it, so each must be one
 * that the contract could have as an extra name: the policy is asked for exactly that.
 */
export async function namesOfOthers(
  { db, clock }: WorkerCtx,
  { endpoint, contract }: Subject,
  { otherNames }: Pick<ImportedCertificate, 'otherNames'>,
): Promise<readonly Violation[]> {
  if (otherNames.length === 0) return [];
  const refused = (reason: string): readonly Violation[] => [
    {
      ...{ rule: 'import-other-names', path: 'file', reason },
      remedy: `Have a certificate made for the names of the contract alone; or ask for a grant of the others for ${endpoint.team}, and add them as extra names.`,
    },
  ];
  if (otherNames.length > most) return refused(`It has ${otherNames.length} names that the contract has not; ${most} are looked up.`);
  const { extraNames } = contract.tls;
  const wider = { ...contract, team: endpoint.team, tls: { ...contract.tls, extraNames: [...extraNames, ...otherNames] } };
  const asked = askedOf({ kind: 'change', contract: wider, actorTeam: endpoint.team, now: clock.now() });
  const { violations } = decide(asked, await groundOf(db, asked, null));
  const denied = otherNames.flatMap((name, at) => {
    const first = violations.find(({ path }) => path === `tls.extraNames.${extraNames.length + at}`);
    return first === undefined ? [] : [{ name, reason: first.reason }];
  });
  if (denied.length === 0) return [];
  const shown = denied.slice(0, mostShown);
  const names = shown.map(({ name }) => shownText(name)).join(', ');
  const more = denied.length > shown.length ? ' and others' : '';
  return refused(
    `It speaks for names that ${endpoint.team} may not claim: ${names}${more}. ${shown.map(({ reason }) => reason).join(' ')}`,
  );
}
