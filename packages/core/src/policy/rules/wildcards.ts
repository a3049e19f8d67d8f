// Rules on wildcards, wherever they stand in the contract.
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import { deny, nameAndExposure, namesRule, noFindings, review } from '../rule.ts';
import { isItself } from './holders.ts';

export const wildcardGranted = namesRule({
  name: 'wildcard-granted',
  describe: 'A wildcard is claimed only under a grant that allows wildcards.',
  exceptable: true,
  needs: ['grants'],
  judge: ({ contract }, { hostname }, { grants: { own, fitting } }) =>
    !isWildcard(hostname) || fitting.some(({ allowWildcard }) => allowWildcard)
      ? noFindings
      : deny(
          `Team ${contract.team} may not claim wildcards below ${parentOf(hostname)}.`,
          'Ask for the single names that you need, or ask a platform admin for a grant with wildcards.',
          { evidence: { grant: own[0]?.id ?? null } },
        ),
});

/** Names that are told of one team; the rest is a number. */
const mostTold = 3;

const listed = (names: readonly string[]): string =>
  names.length <= mostTold ? names.join(', ') : `${names.slice(0, mostTold).join(', ')} and ${names.length - mostTold} more`;

export const wildcardReview = namesRule({
  name: 'wildcard-review',
  describe: 'A granted wildcard is reviewed by security, and by every team that holds names below it.',
  concerns: nameAndExposure,
  needs: ['namesBelow'],
  judge: ({ contract, actorTeam }, { hostname }, { namesBelow }) => {
    if (!isWildcard(hostname)) return noFindings;
    const answers = `${hostname} answers for every name below ${parentOf(hostname)} that has no records`;
    const held = new Map<string, string[]>();
    for (const below of namesBelow)
      if (below.team !== contract.team) held.set(below.team, [...(held.get(below.team) ?? []), below.hostname]);
    const whose = [...held].map(([team, names]) => `team ${team} has ${listed(names)}`).join(', ');
    const security = review(
      'security-reviewer',
      whose === '' ? `${answers}.` : `${answers}; below it ${whose}.`,
      'A security reviewer decides.',
      { evidence: { below: namesBelow.length } },
    );
    // Whoever asks speaks for their own team already.
    const others = [...held].filter(([team]) => team !== actorTeam);
    return [
      ...security,
      ...others.flatMap(([team, names]) =>
        review(
          `team:${team}`,
          `${answers}: it takes over the visitors of ${listed(names)} of team ${team} once these are retired.`,
          `A member of team ${team} decides.`,
        ),
      ),
    ];
  },
});

export const wildcardShadowed = namesRule({
  name: 'wildcard-shadowed',
  describe: 'A name that a wildcard of another team answers for, or one kept without Hostmaster, is reviewed by whoever keeps that.',
  concerns: nameAndExposure,
  needs: ['zones', 'endpoints', 'recordSets', 'wildcard'],
  judge: (asked, { hostname, path }, { wildcard, endpoints }) => {
    if (!wildcard?.answers || wildcard.team === asked.contract.team || wildcard.team === asked.actorTeam) return noFindings;
    // An extra name gets no records, so the wildcard answers on: it is asked once, and not with every change.
    if (endpoints.some((one) => isItself(asked, one) && !one.letGo)) return noFindings;
    const { name, team, silencedFrom } = wildcard;
    const kept = team === null ? 'which somebody keeps without Hostmaster' : `of team ${team}`;
    const then =
      path === 'hostname'
        ? `from then on it answers neither for ${silencedFrom} nor for any name below`
        : 'a certificate for it speaks for what stands there';
    return review(
      team === null ? 'platform-admin' : `team:${team}`,
      `${name}, ${kept}, answers for ${hostname} now; ${then}.`,
      team === null ? 'A platform admin decides.' : `A member of team ${team} decides.`,
      { evidence: { wildcard: name } },
    );
  },
});

export const wildcardChallenge = namesRule({
  name: 'wildcard-challenge',
  describe: 'An ACME certificate for a wildcard is proven by dns-01 (RFC 8555 §7.1.3).',
  needs: [],
  judge: ({ contract: { tls } }, { hostname }) =>
    isWildcard(hostname) && tls.source === 'acme' && tls.termination !== 'none' && tls.challenge !== 'dns-01' && tls.challenge !== 'none'
      ? deny(`${tls.challenge} cannot prove ${hostname}.`, 'Choose dns-01.', { path: 'tls.challenge' })
      : noFindings,
});
