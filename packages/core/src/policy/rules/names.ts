// Rules on the names themselves and the zones they stand in: form, zone, view, environment, apex, wildcard, public suffix.
import { isWildcard, isWithin, parentOf } from '../../hostname/hostname.ts';
import { isPublicSuffix } from '../../hostname/public-suffix.ts';
import { deny, type Finding, noFindings, type Rule, review, type Subject, type SubjectName } from '../rule.ts';

/** The findings of every name of the contract; without an array for the common case of none. */
export function eachName(subject: Subject, find: (name: SubjectName) => readonly Finding[]): readonly Finding[] {
  let all = noFindings;
  for (const name of subject.names) {
    const found = find(name);
    if (found.length > 0) all = all.length === 0 ? found : [...all, ...found];
  }
  return all;
}

export const wellFormed: Rule = {
  name: 'hostname-well-formed',
  describe: 'Every name is a hostname by RFC 1035, 1123 and 5890, in one script, and does not pass for another.',
  needsName: false,
  evaluate: ({ malformed }) =>
    malformed.length === 0 ? noFindings : malformed.map((violation): Finding => ({ outcome: 'deny', ...violation })),
};

export const namesDistinct: Rule = {
  name: 'names-distinct',
  describe: 'No name stands twice in one contract.',
  needsName: false,
  evaluate: ({ names }) => {
    if (names.length < 2) return noFindings;
    const seen = new Set<string>();
    return names.flatMap(({ hostname, path }) => {
      if (!seen.has(hostname)) {
        seen.add(hostname);
        return noFindings;
      }
      return deny(`${hostname} stands twice in this contract.`, 'Name it once.', { path });
    });
  },
};

export const managedZone: Rule = {
  name: 'managed-zone',
  describe: 'Every name stands in a zone that Hostmaster manages.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, zone, path }) =>
      zone !== null || subject.ground.zones.some(({ apex }) => isWithin(hostname, apex))
        ? noFindings
        : deny(`No managed zone holds ${hostname}.`, 'Choose a name in a managed zone, or ask a platform admin to connect its zone.', {
            path,
          }),
    ),
};

export const zoneView: Rule = {
  name: 'zone-view',
  describe: 'A name of one view stands in a zone of that view: no internal name in a public zone, no public name in a private one.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, zone, path }) => {
      if (zone !== null) return noFindings;
      const other = subject.ground.zones.find(({ apex }) => isWithin(hostname, apex));
      if (!other) return noFindings;
      return deny(
        `${hostname} is asked for in the ${subject.contract.view} view, and the zone ${other.apex} is ${other.view}.`,
        `Ask for the ${other.view} view, or choose a name in a zone of the ${subject.contract.view} view.`,
        { path: path === 'hostname' ? 'view' : path, evidence: { zone: other.id } },
      );
    }),
};

export const environmentNamed: Rule = {
  name: 'environment-named',
  describe: "The environment is named, or follows from the team's grants.",
  needsName: true,
  evaluate: ({ environment, name, contract }) => {
    // Without a grant there is nothing that it could follow from, and suffix-granted says so already.
    if (environment !== null || name === null || name.own.length === 0) return noFindings;
    const offered = [...new Set(name.own.flatMap(({ environments }) => environments))];
    return deny(
      `Team ${contract.team} may claim names below ${name.grants?.suffix} in more than one environment, and none is named.`,
      `Name one: ${offered.join(', ')}.`,
      { path: 'environment' },
    );
  },
};

export const zoneEnvironment: Rule = {
  name: 'zone-environment',
  describe: 'A zone that is kept for certain environments holds names of those only.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ zone, hostname }) => {
      const { environment } = subject;
      if (zone === null || environment === null || zone.environments.length === 0 || zone.environments.includes(environment))
        return noFindings;
      return deny(
        `The zone ${zone.apex} is kept for ${zone.environments.join(', ')}, and ${hostname} is asked for in ${environment}.`,
        'Choose a name in a zone of that environment.',
        { path: 'environment', evidence: { zone: zone.id } },
      );
    }),
};

export const notPublicSuffix: Rule = {
  name: 'public-suffix',
  describe: 'No name is a public suffix, and no wildcard stands directly below one.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, path }) => {
      const base = isWildcard(hostname) ? parentOf(hostname) : hostname;
      if (base === null || !isPublicSuffix(base)) return noFindings;
      return deny(
        `${base} is a public suffix: names below it belong to unrelated people.`,
        'Choose a name below one of your own domains.',
        { path },
      );
    }),
};

export const apexReview: Rule = {
  name: 'apex-review',
  describe: 'A granted apex is reviewed by security.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, zone, path }) =>
      zone !== null && hostname === zone.apex
        ? review('security-reviewer', `${hostname} is the apex of its zone.`, 'A security reviewer decides.', {
            path,
            evidence: { zone: zone.id },
          })
        : noFindings,
    ),
};

export const wildcardReview: Rule = {
  name: 'wildcard-review',
  describe: 'A granted wildcard is reviewed by security.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, path }) =>
      isWildcard(hostname)
        ? review(
            'security-reviewer',
            `${hostname} answers for every name below ${parentOf(hostname)} that has no records.`,
            'A security reviewer decides.',
            { path },
          )
        : noFindings,
    ),
};

export const lookalike: Rule = {
  name: 'lookalike-name',
  describe:
    "A name that reads like another team's live name is denied when it is internationalised, and reviewed by security when it is plain ASCII.",
  needsName: true,
  evaluate: ({ ground, contract, name }) => {
    if (name === null) return noFindings;
    const twin = ground.lookalikes.find(({ hostname, team }) => hostname !== name.hostname && team !== contract.team);
    if (!twin) return noFindings;
    const reason = `${name.unicode} reads like ${twin.hostname} of team ${twin.team}.`;
    const more = { path: 'hostname', evidence: { lookalike: twin.hostname } };
    return name.hostname.includes('xn--')
      ? deny(reason, 'Choose a name that cannot be mistaken for it.', more)
      : review('security-reviewer', reason, 'Choose a name that cannot be mistaken for it, or a security reviewer decides.', more);
  },
};
