// Rules on wildcards, wherever they stand in the contract.
import { isCertificateOnly } from '../../contract/endpoint.ts';
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import type { Asked, AskedName } from '../asked.ts';
import type { NameFacts } from '../facts.ts';
import { deny, type Findings, nameAndExposure, namesRule, noFindings, review } from '../rule.ts';
import { gainsRecords, isItself } from './holders.ts';

export const wildcardGranted = namesRule({
  name: 'wildcard-granted',
  describe: 'A wildcard is claimed only under a grant that allows wildcards.',
  exceptable: true,
  needs: ['teams', 'grants'],
  judge: ({ contract }, { hostname }, { teams, grants: { own, fitting } }) =>
    !isWildcard(hostname) || !teams.includes(contract.team) || fitting.some(({ allowWildcard }) => allowWildcard)
      ? noFindings
      : deny(
          `Team ${contract.team} may not claim wildcards below ${parentOf(hostname)}.`,
          'Ask for the single names that you need, or ask a platform admin for a grant with wildcards.',
          { evidence: { grant: own[0]?.id ?? null } },
        ),
});

const listed = ({ count, names }: { readonly count: number; readonly names: readonly string[] }): string =>
  `${names.join(', ')}${count > names.length ? ` and ${count - names.length} more` : ''}`;

export const wildcardReview = namesRule({
  name: 'wildcard-review',
  describe:
    'A granted wildcard is reviewed by security, who reads which hosts are kept below it without Hostmaster, and by every team that holds names below it.',
  concerns: nameAndExposure,
  needs: ['namesBelow', 'hostsBelow'],
  judge: (asked, { hostname }, { namesBelow, hostsBelow }) => {
    if (!isWildcard(hostname)) return noFindings;
    const alone = isCertificateOnly(asked.contract);
    const answers = alone
      ? `A certificate for ${hostname} speaks for every name directly below ${parentOf(hostname)}`
      : `${hostname} answers for every name below ${parentOf(hostname)} that has no records`;
    const whose = namesBelow.map((held) => `team ${held.team} has ${listed(held)}`).join(', ');
    const hosts = asked.contract.tls.termination === 'none' ? [] : hostsBelow;
    const unmanaged = hosts.map((kept) => ` Its certificate speaks for ${listed(kept)} besides, which somebody keeps without Hostmaster.`);
    const security = review(
      'security-reviewer',
      `${answers}${whose === '' ? '' : `; below it ${whose}`}.${unmanaged.join('')}`,
      'A security reviewer decides.',
      { evidence: { below: total(namesBelow), unmanaged: total(hosts) } },
    );
    // Whoever asks speaks for their own team already.
    const others = namesBelow.filter(({ team }) => !isOwn(asked, team));
    return [
      ...security,
      ...others.flatMap((held) =>
        review(
          `team:${held.team}`,
          alone
            ? `${answers}: for ${listed(held)} of team ${held.team}, too.`
            : `${answers}: it takes over the visitors of ${listed(held)} of team ${held.team} once these are retired.`,
          `A member of team ${held.team} decides.`,
        ),
      ),
    ];
  },
});

const total = (all: readonly { readonly count: number }[]): number => all.reduce((sum, { count }) => sum + count, 0);

export const wildcardShadowed = namesRule({
  name: 'wildcard-shadowed',
  describe:
    'A name that a wildcard of another team answers for, or one kept without Hostmaster, is reviewed by whoever keeps that; one that a wildcard on the certificate of another team covers by that team.',
  concerns: nameAndExposure,
  needs: ['zones', 'endpoints', 'recordSets', 'wildcard', 'certifiedBy'],
  judge: (asked, name, facts) => {
    // An extra name gets no records, so the wildcard answers on: it is asked once, and not with every change.
    if (facts.endpoints.some((one) => isItself(asked, one) && !one.letGo) && !gainsRecords(asked, facts.endpoints)) return noFindings;
    return [...answeredFor(asked, name, facts), ...certified(asked, name, facts)];
  },
});

const isOwn = ({ contract, actorTeam }: Asked, team: string | null): boolean => team === contract.team || team === actorTeam;

function answeredFor(asked: Asked, { hostname, path }: AskedName, { wildcard }: Pick<NameFacts, 'wildcard'>): Findings {
  if (!wildcard?.answers || isOwn(asked, wildcard.team)) return noFindings;
  const { name, team, silencedFrom } = wildcard;
  const { source, challenge, termination } = asked.contract.tls;
  // A record below the name makes it one of the zone, which a wildcard answers for no more (RFC 4592 §2.2.2).
  const proved =
    source === 'acme' && challenge === 'dns-01' && termination !== 'none'
      ? `, and whenever the CA looks for its proof, ${name} does not answer for it for a while`
      : '';
  const kept = team === null ? 'which somebody keeps without Hostmaster' : `of team ${team}`;
  const then =
    path === 'hostname' && !isCertificateOnly(asked.contract)
      ? `from then on it answers neither for ${silencedFrom} nor for any name below`
      : `a certificate for it speaks for what stands there${proved}`;
  return review(
    team === null ? 'platform-admin' : `team:${team}`,
    `${name}, ${kept}, answers for ${hostname} now; ${then}.`,
    team === null ? 'A platform admin decides.' : `A member of team ${team} decides.`,
    { evidence: { wildcard: name } },
  );
}

/** A wildcard that stands on a certificate alone, or has its records in another view, answers for nothing here and speaks for it all the same. */
function certified(
  asked: Asked,
  { hostname }: AskedName,
  { wildcard, certifiedBy }: Pick<NameFacts, 'wildcard' | 'certifiedBy'>,
): Findings {
  const holder = certifiedBy.find((one) => !isOwn(asked, one.team) && !(one.hostname === one.name && one.view === asked.contract.view));
  if (holder === undefined || (wildcard?.answers && wildcard.team === holder.team)) return noFindings;
  const { name, team, view, id } = holder;
  const where = holder.hostname === name ? `has in the ${view} view` : `has as an extra name of ${holder.hostname}`;
  return review(
    `team:${team}`,
    `A certificate for ${name}, which team ${team} ${where}, speaks for ${hostname}, too.`,
    `A member of team ${team} decides.`,
    { evidence: { wildcard: name, endpoint: id } },
  );
}

export const wildcardChallenge = namesRule({
  name: 'wildcard-challenge',
  describe: 'An ACME certificate for a wildcard is proven by dns-01 (RFC 8555 §7.1.3).',
  needs: [],
  judge: ({ contract: { tls } }, { hostname }) =>
    isWildcard(hostname) && tls.source === 'acme' && tls.termination !== 'none' && tls.challenge !== 'dns-01' && tls.challenge !== 'none'
      ? deny(`The challenge ${tls.challenge} cannot prove ${hostname}.`, 'Choose dns-01.', { path: 'tls.challenge' })
      : noFindings,
});
