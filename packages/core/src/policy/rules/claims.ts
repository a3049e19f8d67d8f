// Rules on who holds the name already: endpoints, open requests, data that nobody manages, quarantine, reservations,
// the other view of a split horizon, and who may act on an endpoint that exists.
import { deny, type Finding, noFindings, type Rule, review, type Subject, type SubjectName } from '../rule.ts';
import { eachName } from './names.ts';

const existing = ({ name, ground, contract }: Subject) =>
  ground.endpoints.find(({ hostname, view }) => hostname === name?.hostname && view === contract.view) ?? null;

/** Types that say nothing about where a name leads and so do not claim it. */
const annotations: readonly string[] = ['TXT', 'CAA', 'TLSA', 'SSHFP'];

export const actingTeam: Rule = {
  name: 'acting-team',
  describe: 'A request is made on behalf of the team that the contract names; a transfer on behalf of the team that gives.',
  needsName: false,
  evaluate: ({ input, contract }) =>
    input.kind === 'transfer' || contract.team === input.actorTeam
      ? noFindings
      : deny(`The contract names team ${contract.team}, and the request is made for team ${input.actorTeam}.`, 'Name your own team.', {
          path: 'team',
        }),
};

export const nameFree: Rule = {
  name: 'name-taken',
  describe: 'Nobody else holds the name: no endpoint, no open request, no record that Hostmaster did not write.',
  needsName: true,
  evaluate: (subject) => {
    const held = eachName(subject, (name) => [...heldByEndpoint(subject, name), ...heldByRequest(subject, name)]);
    return subject.input.kind === 'create' ? [...held, ...heldByRecords(subject)] : held;
  },
};

/** Whether the team may hold the name beside the request: its own team, and for the hostname of a transfer the team that gives. */
const isParty = ({ contract, input }: Subject, { path }: SubjectName, team: string): boolean =>
  team === contract.team || (path === 'hostname' && team === input.actorTeam);

function heldByEndpoint(subject: Subject, name: SubjectName): readonly Finding[] {
  const { hostname, path } = name;
  const { contract, input, ground } = subject;
  const here = ground.endpoints.filter((endpoint) => endpoint.hostname === hostname);
  const foreign = here.find(({ team }) => !isParty(subject, name, team));
  if (foreign)
    return deny(
      `${hostname} is held by team ${foreign.team} (${foreign.view} view).`,
      'Choose another name, or ask that team to transfer it.',
      {
        path,
        evidence: { endpoint: foreign.id },
      },
    );
  const own = path === 'hostname' && input.kind === 'create' ? here.find(({ view }) => view === contract.view) : undefined;
  return own
    ? deny(`Your team has ${hostname} already.`, 'Send a change of the endpoint instead of a new request.', {
        path,
        evidence: { endpoint: own.id },
      })
    : noFindings;
}

function heldByRequest(subject: Subject, name: SubjectName): readonly Finding[] {
  const { hostname, path } = name;
  const open = subject.ground.openRequests.find(
    (request) =>
      request.hostname === hostname &&
      (!isParty(subject, name, request.team) || (path === 'hostname' && request.view === subject.contract.view)),
  );
  return open
    ? deny(`An open request of team ${open.team} asks for ${hostname}.`, 'Wait until it is decided, or cancel it.', {
        path,
        evidence: { request: open.id },
      })
    : noFindings;
}

function heldByRecords({ name, ground }: Subject): readonly Finding[] {
  if (name === null || name.hostname === name.zone?.apex) return noFindings;
  const found = ground.foreignRecordSets.filter((set) => set.name === name.hostname && !annotations.includes(set.type));
  if (found.length === 0) return noFindings;
  const types = found.map(({ type }) => type).join(', ');
  return deny(
    `${name.hostname} has records that Hostmaster did not write (${types}).`,
    'Ask the owner of the zone to remove or to adopt them.',
    {
      path: 'hostname',
      evidence: { types },
    },
  );
}

export const quarantine: Rule = {
  name: 'quarantine',
  describe: 'A name that another team retired lately is held back for a while, so that nobody inherits its visitors.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, path }) => {
      const { ground, contract } = subject;
      const held = ground.quarantines.find(
        (entry) => entry.hostname === hostname && entry.formerTeam !== contract.team && entry.until.getTime() > ground.now.getTime(),
      );
      if (!held) return noFindings;
      const until = held.until.toISOString();
      return deny(
        `${hostname} was retired by team ${held.formerTeam} and is held back until ${until}.`,
        'Choose another name, or wait until then.',
        {
          path,
          evidence: { until },
        },
      );
    }),
};

export const reserved: Rule = {
  name: 'reserved-name',
  describe: 'A reserved name is reviewed by the group that the reservation names.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, ({ hostname, suffixes, path }) => {
      const found = subject.ground.reservations.find(hostname, suffixes);
      if (found.length === 0) return noFindings;
      return found.flatMap(({ id, kind, value, group, reason }) =>
        review(group, `${kind === 'label' ? `The label ${value}` : value} is reserved: ${reason}`, `Reviewed by ${group}.`, {
          path,
          evidence: { reservation: id, kind, value },
        }),
      );
    }),
};

export const splitHorizon: Rule = {
  name: 'split-horizon',
  describe: 'A name with two views is two endpoints with a written reason, reviewed by platform.',
  needsName: true,
  evaluate: ({ ground, contract, name }) => {
    const twin = ground.endpoints.find(
      ({ hostname, view, team }) => hostname === name?.hostname && view !== contract.view && team === contract.team,
    );
    if (!twin) return noFindings;
    const more = { path: 'justification', evidence: { endpoint: twin.id, view: twin.view } };
    return contract.justification?.trim()
      ? review(
          'platform-admin',
          `${twin.hostname} exists in the ${twin.view} view too: its clients will see different answers.`,
          'A platform admin decides.',
          more,
        )
      : deny(
          `${twin.hostname} exists in the ${twin.view} view too, and no reason is given for a second one.`,
          'Write the reason into justification.',
          more,
        );
  },
};

export const firstPublicExposure: Rule = {
  name: 'first-public-exposure',
  describe: "A team's first public name is reviewed by security, in zones that ask for it.",
  needsName: true,
  evaluate: ({ ground, contract, name }) =>
    contract.view === 'public' && name?.zone?.reviewFirstExposure === true && !ground.teamHasPublicEndpoint
      ? review('security-reviewer', `Team ${contract.team} has no public name yet.`, 'A security reviewer decides.', { path: 'view' })
      : noFindings,
};

export const endpointExists: Rule = {
  name: 'endpoint-exists',
  describe: 'What is to be changed, transferred or retired exists.',
  needsName: true,
  evaluate: (subject) =>
    existing(subject) === null
      ? deny(
          `There is no endpoint ${subject.name?.hostname} in the ${subject.contract.view} view.`,
          'Check the name and the view, or ask for it as a new name.',
          {
            path: 'hostname',
          },
        )
      : noFindings,
};

export const endpointOwned: Rule = {
  name: 'endpoint-owned',
  describe: 'An endpoint is changed, transferred and retired by the team that holds it.',
  needsName: true,
  evaluate: (subject) => {
    const endpoint = existing(subject);
    const { input } = subject;
    if (endpoint === null || endpoint.team === input.actorTeam) return noFindings;
    return deny(`${endpoint.hostname} is held by team ${endpoint.team}, not by team ${input.actorTeam}.`, `Ask team ${endpoint.team}.`, {
      path: 'hostname',
      evidence: { endpoint: endpoint.id },
    });
  },
};

export const transferAccepted: Rule = {
  name: 'transfer-accepted',
  describe: 'A transfer leads to another team, and that team accepts it.',
  needsName: true,
  evaluate: (subject) => {
    const { contract, name } = subject;
    return existing(subject)?.team === contract.team
      ? deny(`${name?.hostname} is held by team ${contract.team} already.`, 'Name the team that receives it.', { path: 'team' })
      : review(
          `team:${contract.team}`,
          `Team ${contract.team} receives ${name?.hostname} and answers for it from then on.`,
          `A member of team ${contract.team} decides.`,
          {
            path: 'team',
          },
        );
  },
};
