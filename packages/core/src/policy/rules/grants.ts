// Rules on what the team was granted. A single grant must cover environment, view and kind of name together: two grants
// that each cover a half do not add up to one.
import { dayOf } from '../../said-time.ts';
import { type Asked, type AskedName, standsAlready } from '../asked.ts';
import type { NameGrants } from '../facts.ts';
import type { Grant } from '../ground.ts';
import { deny, type Findings, hostnameRule, namesRule, noFindings, requestRule } from '../rule.ts';

/** What a grant offers, each once. */
const offered = <Offer extends string>(grants: readonly Grant[], offers: (grant: Grant) => readonly Offer[]): readonly Offer[] => [
  ...new Set(grants.flatMap(offers)),
];

export const teamKnown = requestRule({
  name: 'team-known',
  describe: 'The team that the contract names is there.',
  needs: ['teams'],
  judge: ({ contract: { team } }, { teams }) =>
    teams.includes(team)
      ? noFindings
      : deny(`There is no team ${team}.`, 'Check its short name, or ask a platform admin to add the team.', { path: 'team' }),
});

export const environmentKnown = requestRule({
  name: 'environment-known',
  describe: 'The environment that is meant is there.',
  needs: ['environment', 'environments'],
  judge: (_, { environment, environments }) =>
    isThere(environment, environments)
      ? noFindings
      : deny(
          `There is no environment ${environment}.`,
          environments.length === 0
            ? 'Leave it out, or ask a platform admin to add the environment.'
            : `Give one of ${environments.join(', ')}, or ask a platform admin to add the environment.`,
          { path: 'environment' },
        ),
});

export const suffixGranted = namesRule({
  name: 'suffix-granted',
  describe: 'The most specific granted suffix of every name is granted to the team.',
  needs: ['teams', 'grants', 'zones'],
  // To a team that is not there nothing is granted, and team-known says so.
  judge: (asked, name, { teams, grants, zones }) =>
    grants.own.length > 0 || !teams.includes(asked.contract.team)
      ? noFindings
      : notGranted(asked, name, grants, zones.own?.ownerTeam ?? null),
});

function notGranted(asked: Asked, name: AskedName, { all, ended: [ended] }: NameGrants, zoneOwner: string | null): Findings {
  const { team } = asked.contract;
  const { hostname } = name;
  const [first] = all;
  if (first !== undefined) {
    const holder = offered(all, (grant) => [grant.team]).join(', ');
    return deny(
      `Names below ${first.suffix} are granted to team ${holder}, not to team ${team}.`,
      standsAlready(asked, name)
        ? `Ask a platform admin to grant ${first.suffix}, or ${hostname} itself, to team ${team}.`
        : `Choose a name below a suffix of your own, or ask a platform admin for a grant, with the consent of team ${holder}.`,
      { evidence: { grant: first.id, suffix: first.suffix, team: offered(all, (grant) => [grant.team])[0] ?? '' } },
    );
  }
  if (ended?.expiresAt)
    return deny(
      `The grant of ${ended.suffix} to team ${team} ended on ${dayOf(ended.expiresAt)}.`,
      'Ask a platform admin to renew the grant.',
      { evidence: { grant: ended.id, expiresAt: ended.expiresAt.toISOString() } },
    );
  return deny(
    `No suffix of ${hostname} is granted to team ${team}.`,
    standsAlready(asked, name)
      ? `Ask a platform admin to grant team ${team} a suffix that covers it.`
      : `Choose a name below a suffix that is granted to your team, or ask a platform admin for a grant.${zoneOwner === null ? '' : ` Team ${zoneOwner} owns the zone.`}`,
    zoneOwner === null ? {} : { evidence: { team: zoneOwner } },
  );
}

export const environmentNamed = hostnameRule({
  name: 'environment-named',
  describe: "The environment is named, or follows from the team's grants.",
  needs: ['grants', 'environment'],
  judge: ({ contract }, _, { grants: { own }, environment }) => {
    const [first] = own;
    // Without a grant there is nothing that it could follow from, and suffix-granted says so already.
    if (environment !== null || first === undefined) return noFindings;
    return deny(
      `Team ${contract.team} may claim names below ${first.suffix} in more than one environment, and none is named.`,
      `Name one: ${offered(own, ({ environments }) => environments).join(', ')}.`,
      { path: 'environment' },
    );
  },
});

/** Of one that is not there environment-known says so. */
const isThere = (environment: string | null, environments: readonly string[]): boolean =>
  environment === null || environments.includes(environment);

/** Environment and view are asked for once: which of several names may not have them is said. */
const whereAsked = ({ path, unicode }: AskedName): string => (path === 'hostname' ? '' : `, where ${unicode} is asked for`);

export const environmentGranted = namesRule({
  name: 'environment-granted',
  describe: "The team's grant covers the environment.",
  exceptable: true,
  needs: ['grants', 'environment', 'environments'],
  judge: (asked, name, { grants: { own, ofEnvironment }, environment, environments }) => {
    const { path } = name;
    const { contract } = asked;
    const [first] = own;
    if (first === undefined || ofEnvironment.length > 0 || !isThere(environment, environments)) return noFindings;
    const others = offered(own, ({ environments }) => environments).join(', ');
    return deny(
      `Team ${contract.team} may claim names below ${first.suffix} for ${others || 'no environment'}, not for ${environment}${whereAsked(name)}.`,
      others === ''
        ? 'Ask a platform admin for a grant.'
        : `Ask for ${others}, or ${standsAlready(asked, name) ? 'ask a platform admin for a wider grant' : `choose a name below a suffix granted for ${environment}`}.`,
      { path: path === 'hostname' ? 'environment' : path, evidence: { grant: first.id } },
    );
  },
});

export const viewGranted = namesRule({
  name: 'view-granted',
  describe: "The team's grant for the environment covers the view.",
  exceptable: true,
  needs: ['grants'],
  judge: ({ contract: { team, view } }, name, { grants: { ofEnvironment, fitting } }) => {
    const { path } = name;
    const [first] = ofEnvironment;
    if (first === undefined || fitting.length > 0) return noFindings;
    const views = offered(ofEnvironment, (grant) => grant.views).join(', ');
    return deny(
      `Team ${team} may claim names below ${first.suffix} in the view ${views || '(none)'}, not in the ${view} view${whereAsked(name)}.`,
      'Ask for a view that the grant covers, or ask a platform admin for a wider grant.',
      { path: path === 'hostname' ? 'view' : path, evidence: { grant: first.id } },
    );
  },
});

export const apexGranted = namesRule({
  name: 'apex-granted',
  describe: "A zone's apex is claimed only under a grant of exactly that name that says so.",
  exceptable: true,
  needs: ['zones', 'teams', 'grants'],
  judge: (asked, name, { zones, teams, grants: { fitting } }) => {
    const { hostname } = name;
    const { team } = asked.contract;
    if (!teams.includes(team)) return noFindings;
    // The apex of any managed zone of any view: a name may be the apex of one zone and stand inside another.
    if (!zones.all.some(({ apex }) => apex === hostname)) return noFindings;
    if (fitting.some(({ suffix, allowSuffixItself }) => suffix === hostname && allowSuffixItself)) return noFindings;
    return deny(
      `${hostname} is the apex of a zone and is not granted to team ${team}.`,
      standsAlready(asked, name) ? `Ask a platform admin for a grant of exactly ${hostname} to team ${team}.` : 'Choose a name below it.',
    );
  },
});

export const suffixItselfGranted = namesRule({
  name: 'suffix-itself-granted',
  describe: 'The granted suffix itself is claimed only when the grant says so; otherwise only names below it.',
  exceptable: true,
  needs: ['zones', 'grants'],
  judge: (asked, name, { zones, grants: { own, fitting } }) => {
    const { hostname } = name;
    const [first] = own;
    // An apex is apex-granted's to judge.
    if (first?.suffix !== hostname || zones.own?.apex === hostname) return noFindings;
    if (fitting.some(({ allowSuffixItself }) => allowSuffixItself)) return noFindings;
    return deny(
      `The grant of ${hostname} covers names below it, not ${hostname} itself.`,
      standsAlready(asked, name)
        ? 'Ask a platform admin for a grant that covers the suffix itself.'
        : `Choose a name below it, such as www.${hostname}.`,
      {
        evidence: { grant: first.id },
      },
    );
  },
});
