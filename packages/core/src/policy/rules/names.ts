// Rules on the names themselves, whoever holds them.
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import { isPublicSuffix } from '../../hostname/public-suffix.ts';
import { standsAlready } from '../asked.ts';
import { deny, denyAll, nameAndExposure, namesRule, noFindings, requestRule, review } from '../rule.ts';

export const wellFormed = requestRule({
  name: 'hostname-well-formed',
  describe: 'Every name is a hostname by RFC 1035, 1123 and 5890, in one script, and does not pass for another.',
  needs: [],
  judge: ({ malformed }) => (malformed.length === 0 ? noFindings : denyAll(malformed)),
});

export const namesDistinct = requestRule({
  name: 'names-distinct',
  describe: 'No name stands twice in one contract.',
  needs: [],
  judge: ({ names }) => {
    if (names.length < 2) return noFindings;
    const seen = new Set<string>();
    return names.flatMap(({ hostname, path }) => {
      if (seen.has(hostname)) return deny(`${hostname} stands twice in this contract.`, 'Name it once.', { path });
      seen.add(hostname);
      return noFindings;
    });
  },
});

export const notPublicSuffix = namesRule({
  name: 'public-suffix',
  describe: 'No name is a public suffix, and no wildcard stands directly below one.',
  needs: [],
  judge: (_, { hostname }) => {
    const base = isWildcard(hostname) ? parentOf(hostname) : hostname;
    return base !== null && isPublicSuffix(base)
      ? deny(`${base} is a public suffix: names below it belong to unrelated people.`, 'Choose a name below one of your own domains.')
      : noFindings;
  },
});

export const lookalike = namesRule({
  name: 'lookalike-name',
  describe:
    "A name that reads like another team's live name is denied when it is internationalised, and reviewed by security when it is plain ASCII.",
  exceptable: true,
  concerns: nameAndExposure,
  needs: ['lookalikes'],
  judge: (asked, name, { lookalikes }) => {
    const { hostname, unicode } = name;
    const twin = lookalikes.find(({ team }) => team !== asked.contract.team);
    if (twin === undefined) return noFindings;
    const reason = `${unicode} reads like ${twin.hostname} of team ${twin.team}.`;
    const evidence = { lookalike: twin.hostname };
    const another = 'Choose a name that cannot be mistaken for it';
    if (hostname.includes('xn--'))
      return deny(reason, standsAlready(asked, name) ? 'Retire it, and ask for a name that cannot be mistaken.' : `${another}.`, {
        evidence,
      });
    const remedy = standsAlready(asked, name) ? 'A security reviewer decides.' : `${another}, or a security reviewer decides.`;
    return review('security-reviewer', reason, remedy, { evidence });
  },
});
