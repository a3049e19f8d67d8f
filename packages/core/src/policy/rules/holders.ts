// Rules on who holds a name already, and on who may act on an endpoint that exists.

import { isCertificateOnly } from '../../contract/endpoint.ts';
import { isTargetType } from '../../dns/desired.ts';
import { dayOf } from '../../said-time.ts';
import { type Asked, type AskedName, standsAlready } from '../asked.ts';
import type { NameFacts } from '../facts.ts';
import type { EndpointGround, OpenRequestGround } from '../ground.ts';
import { deny, type Findings, hostnameRule, nameAndExposure, namesRule, noFindings, requestRule, review } from '../rule.ts';
import { cutOf } from './zones.ts';

export const actingTeam = requestRule({
  name: 'acting-team',
  describe: 'A request is made on behalf of the team that the contract names.',
  needs: [],
  judge: ({ contract, actorTeam }) =>
    contract.team === actorTeam
      ? noFindings
      : deny(`The contract names team ${contract.team}, and the request is made for team ${actorTeam}.`, 'Name your own team.', {
          path: 'team',
        }),
});

/** Types that say nothing about where a name leads and so do not claim it. */
const annotations: readonly string[] = ['TXT', 'CAA', 'TLSA', 'SSHFP'];
export const claimsName = ({ type }: { readonly type: string }): boolean => !annotations.includes(type);

/** The endpoint that is changed, transferred or retired, or that a request made which is decided again. */
export const isItself = ({ kind, name, contract }: Asked, { hostname, view }: Pick<EndpointGround, 'hostname' | 'view'>): boolean =>
  kind !== 'create' && hostname === name?.hostname && view === contract.view;

/** Whether the team may hold the name beside the request: its own, and what it is given by the team that transfers it. */
const isParty = (asked: Asked, team: string, given: boolean): boolean =>
  team === asked.contract.team || (given && team === asked.actorTeam);

export const nameFree = namesRule({
  name: 'name-taken',
  describe:
    'Nobody else holds the name: no endpoint, no open request of another team, no record that Hostmaster did not write, which a platform admin looks at where a certificate alone is asked for. A newer request of the same team takes the place of one that waits, and of what is being given back of one that came to nothing.',
  needs: ['zones', 'endpoints', 'openRequests', 'recordSets'],
  judge: (asked, name, facts) => {
    if (facts.endpoints.length + facts.openRequests.length + facts.recordSets.length === 0) return noFindings;
    const byRequest = heldByRequest(asked, name, facts);
    return [
      ...heldByEndpoint(asked, name, facts),
      ...(byRequest.length > 0 ? byRequest : heldByTransfer(asked, name, facts)),
      ...heldByRecords(asked, name, facts),
    ];
  },
});

const comesBack = 'what it had asked for came to nothing, and the name is being given back.';

function heldByEndpoint(asked: Asked, name: AskedName, { endpoints }: Pick<NameFacts, 'endpoints'>): Findings {
  const { hostname, path } = name;
  const here = endpoints.filter(({ letGo }) => !letGo);
  const foreign = here.find((one) => !isParty(asked, one.team, isItself(asked, one)));
  if (foreign !== undefined) {
    const { id, team, view, givenBack } = foreign;
    const own = team === asked.actorTeam;
    if (givenBack && !own)
      return deny(`${hostname} is held by team ${team} for a moment more: ${comesBack}`, 'Ask again in a moment.', {
        evidence: { endpoint: id, team },
      });
    const as = foreign.hostname === hostname ? `${view} view` : `as an extra name of ${foreign.hostname}`;
    return deny(
      `${hostname} is held by team ${team} (${as}).`,
      own
        ? `Take it out of ${foreign.hostname} first, or transfer that, too.`
        : `${standsAlready(asked, name) ? 'Ask' : 'Choose another name, or ask'} that team to let it go.`,
      { evidence: { endpoint: id, team } },
    );
  }
  const own =
    path === 'hostname' && asked.kind === 'create'
      ? here.find((one) => one.hostname === hostname && one.view === asked.contract.view && !one.givenBack)
      : undefined;
  return own === undefined
    ? noFindings
    : deny(`Your team has ${hostname} already.`, 'Send a change of the endpoint instead of a new request.', {
        evidence: { endpoint: own.id },
      });
}

/**
 * Whether what is asked takes the place of that request, which still waits: the newer wish of a team for a name counts. What
 * moves a name from one team to another is another wish than what is done with it.
 */
export const supersedes = ({ kind, contract }: Pick<Asked, 'kind' | 'contract'>, hostname: string, open: OpenRequestGround): boolean =>
  open.hostname === hostname &&
  open.view === contract.view &&
  open.team === contract.team &&
  kind !== 'transfer' &&
  open.kind !== 'transfer';

function heldByRequest(asked: Asked, name: AskedName, { openRequests }: Pick<NameFacts, 'openRequests'>): Findings {
  const open = openRequests.find(
    (one) =>
      !isParty(asked, one.team, name.path === 'hostname') ||
      (name.path === 'hostname' &&
        one.hostname === name.hostname &&
        one.view === asked.contract.view &&
        !supersedes(asked, name.hostname, one)),
  );
  return open === undefined
    ? noFindings
    : deny(`An open request of team ${open.team} asks for ${name.hostname}.`, 'Wait until it is decided, or cancel it.', {
        evidence: { request: open.id, team: open.team },
      });
}

/** A name on its way to another team gets no second endpoint on the way: should the transfer come to nothing, the name goes back. */
function heldByTransfer(asked: Asked, { hostname }: AskedName, { openRequests }: Pick<NameFacts, 'openRequests'>): Findings {
  const open = openRequests.find(
    (one) => one.kind === 'transfer' && !(one.hostname === asked.name?.hostname && one.view === asked.contract.view),
  );
  return open === undefined
    ? noFindings
    : deny(`${hostname} is on its way to team ${open.team} (request #${open.number}).`, 'Wait until the transfer is done, or cancel it.', {
        evidence: { request: open.id, team: open.team },
      });
}

/**
 * Whether a name that has a certificate alone is to lead somewhere: what stands there was never decided on.
 */
export const gainsRecords = (asked: Asked, endpoints: NameFacts['endpoints']): boolean =>
  asked.kind !== 'create' &&
  !isCertificateOnly(asked.contract) &&
  endpoints.some((one) => isItself(asked, one) && !one.letGo && one.certificateOnly);

/**
 * An endpoint that is there already has its hostname, whatever else stands beside it; not so where it has a certificate alone, whoever receives
 * that or has it lead somewhere. What stands where it will lead is then changed-by-hand's.
 */
function heldByRecords(
  asked: Asked,
  { hostname, path }: AskedName,
  { zones, recordSets, endpoints }: Pick<NameFacts, 'zones' | 'recordSets' | 'endpoints'>,
): Findings {
  const { kind, contract } = asked;
  const gains = path === 'hostname' && gainsRecords(asked, endpoints);
  const isNew = kind === 'create' || gains || (kind === 'transfer' && isCertificateOnly(contract));
  if ((path === 'hostname' && !isNew) || hostname === zones.own?.apex) return noFindings;
  const found = recordSets.filter((set) => set.name === hostname && claimsName(set) && !(gains && isTargetType(set.type)));
  if (found.length === 0) return noFindings;
  const types = found.map(({ type }) => type).join(', ');
  // What it is for is kept by somebody: whether by whoever asks, a person knows.
  if (isCertificateOnly(contract))
    return review(
      'platform-admin',
      `${hostname} has records that Hostmaster did not write (${found.map((set) => `${set.type} ${set.foreign.join(' ')}`).join(', ')}): a certificate speaks for what they lead to.`,
      'A platform admin decides.',
      { evidence: { types, team: zones.own?.ownerTeam ?? null } },
    );
  return deny(
    `${hostname} has records that Hostmaster did not write (${types}).`,
    `Choose another name, or ask team ${zones.own?.ownerTeam}, which owns the zone, to remove them.${path === 'hostname' ? ' For what they lead to, ask for a certificate alone (target.certificateOnly).' : ''}`,
    { evidence: { types, team: zones.own?.ownerTeam ?? null } },
  );
}

export const changedByHand = hostnameRule({
  name: 'changed-by-hand',
  describe: 'What somebody put where the name leads without Hostmaster is overwritten only after a platform admin looked.',
  needs: ['zones', 'recordSets'],
  judge: ({ kind, contract }, { hostname }, { zones, recordSets }) => {
    // With a certificate alone nothing is overwritten. At any other new name, name-taken denies it.
    if (isCertificateOnly(contract)) return noFindings;
    if (kind === 'create' && hostname !== zones.own?.apex) return noFindings;
    const found = recordSets.filter(({ name, type }) => name === hostname && isTargetType(type));
    if (found.length === 0) return noFindings;
    const held = found.map(({ type, foreign }) => `${type} ${foreign.join(' ')}`).join(', ');
    return review(
      'platform-admin',
      `${hostname} holds ${held}, which somebody else put there; the plan takes its place.`,
      'A platform admin decides, or have the records set back first.',
      { evidence: { held } },
    );
  },
});

export const keptElsewhere = namesRule({
  name: 'kept-in-another-view',
  describe:
    'A certificate speaks for a name in every view: where one is asked for, no record that Hostmaster did not write stands at the name in another view, and none of it is delegated there. A name that its team has already, and one that a certificate alone is asked for, are reviewed by platform.',
  exceptable: true,
  concerns: nameAndExposure,
  needs: ['zones', 'endpoints', 'elsewhere'],
  judge: (asked, name, { zones: { own }, endpoints, elsewhere }) => {
    const { hostname } = name;
    if (asked.contract.tls.termination === 'none') return noFindings;
    for (const { zone, recordSets } of elsewhere) {
      const { cut, alias } = cutOf(hostname, zone, recordSets);
      const part = cut ?? alias;
      // At an apex its name servers stand, and more that says nothing about a certificate.
      const claims = (type: string) => (hostname === own?.apex ? isTargetType(type) : !annotations.includes(type));
      const types = recordSets.flatMap((set) => (set.name === hostname && claims(set.type) ? [set.type] : []));
      if (part === undefined && types.length === 0) continue;
      const what =
        part === undefined
          ? `has records in the ${zone.view} view that Hostmaster did not write (${types.join(', ')})`
          : `stands in the ${zone.view} view in a part of ${zone.apex} that is kept elsewhere (${part.name} ${part.type} ${part.values[0]})`;
      const reason = `${hostname} ${what}, and a certificate speaks for a name in every view.`;
      const more = { evidence: { zone: zone.id, view: zone.view, team: zone.ownerTeam } };
      if (endpoints.some(({ letGo }) => !letGo) || isCertificateOnly(asked.contract))
        return review('platform-admin', reason, 'A platform admin decides.', more);
      return deny(
        reason,
        `Choose another name, or ask team ${zone.ownerTeam}, which owns the zone there, to remove ${part === undefined ? 'them' : 'that'}.`,
        more,
      );
    }
    return noFindings;
  },
});

export const quarantine = namesRule({
  name: 'quarantine',
  describe: 'A name that another team let go lately is held back for a while, so that nobody inherits its visitors.',
  exceptable: true,
  needs: ['endpoints'],
  judge: (asked, name, { endpoints }) => {
    const held = endpoints.find(
      ({ letGo, heldBackUntil, team }) =>
        letGo && heldBackUntil !== null && heldBackUntil.getTime() > asked.now.getTime() && !isParty(asked, team, name.path === 'hostname'),
    );
    if (held === undefined || held.heldBackUntil === null) return noFindings;
    const until = held.heldBackUntil.toISOString();
    return deny(
      `${name.hostname} was let go by team ${held.team} and is held back until ${dayOf(held.heldBackUntil)}.`,
      standsAlready(asked, name) ? 'Wait until then.' : 'Choose another name, or wait until then.',
      { evidence: { until, team: held.team } },
    );
  },
});

export const certificateStands = namesRule({
  name: 'certificate-stands',
  describe:
    'A name is not given to a team while another one, which let it go, could still present a certificate for it: that is revoked first, or has expired. Where its issuer refused to revoke it, security reviews.',
  concerns: nameAndExposure,
  needs: ['endpoints', 'standingCertificates'],
  judge: (asked, name, { endpoints, standingCertificates }) => {
    const first = standingCertificates.find(({ refused }) => !refused) ?? standingCertificates[0];
    if (first === undefined || endpoints.some(({ letGo, team }) => !letGo && team === asked.contract.team)) return noFindings;
    const { name: certified, team, hostname, endpoint, until, refused } = first;
    const stands = `Team ${team} let ${certified} go, and its certificate for it (of the endpoint ${hostname}) is valid until ${dayOf(until)}`;
    const more = { evidence: { endpoint, team, until: until.toISOString() } };
    if (refused) return review('security-reviewer', `${stands}: its issuer refused to revoke it.`, 'A security reviewer decides.', more);
    return deny(
      `${stands} and not revoked yet.`,
      `${standsAlready(asked, name) ? 'Wait' : 'Choose another name, or wait'} until it is revoked, as soon as ${hostname} has another one or is retired; what keeps that waiting stands on the page of ${hostname}.`,
      more,
    );
  },
});

/** The endpoint that is to be changed, transferred or retired. */
const existing = ({ name, contract }: Asked, { endpoints }: Pick<NameFacts, 'endpoints'>): EndpointGround | null =>
  endpoints.find(({ hostname, view, letGo }) => hostname === name?.hostname && view === contract.view && !letGo) ?? null;

export const endpointExists = hostnameRule({
  name: 'endpoint-exists',
  describe: 'What is to be changed, transferred or retired exists.',
  needs: ['endpoints'],
  judge: (asked, { hostname }, facts) =>
    existing(asked, facts) === null
      ? deny(
          `There is no endpoint ${hostname} in the ${asked.contract.view} view.`,
          'Check the name and the view, or ask for it as a new name.',
        )
      : noFindings,
});

export const endpointOwned = hostnameRule({
  name: 'endpoint-owned',
  describe: 'An endpoint is changed, transferred and retired by the team that holds it.',
  needs: ['endpoints'],
  judge: (asked, _, facts) => {
    const endpoint = existing(asked, facts);
    if (endpoint === null || endpoint.team === asked.actorTeam) return noFindings;
    return deny(`${endpoint.hostname} is held by team ${endpoint.team}, not by team ${asked.actorTeam}.`, `Ask team ${endpoint.team}.`, {
      evidence: { endpoint: endpoint.id, team: endpoint.team },
    });
  },
});

export const zoneMoved = hostnameRule({
  name: 'zone-moved',
  describe:
    'An endpoint is changed where its records stand: not once a more specific zone was connected, which is asked for its name since.',
  needs: ['zones', 'endpoints'],
  judge: (asked, { hostname }, facts) => {
    const { own, all } = facts.zones;
    const zone = existing(asked, facts)?.zone ?? null;
    if (own === null || zone === null || zone === own.id) return noFindings;
    const old = all.find(({ id }) => id === zone)?.apex ?? 'another zone';
    if (!own.read)
      return deny(
        `The records of ${hostname} stand in ${old}, and ${own.apex}, which was connected since, has not been read yet.`,
        'Wait until it has been read, or ask a platform admin to remove it.',
        { evidence: { zone } },
      );
    return deny(
      `The records of ${hostname} stand in ${old}, and ${own.apex} was connected since.`,
      'Retire the name, which takes them away, and ask for it anew.',
      { evidence: { zone } },
    );
  },
});

export const transferAccepted = hostnameRule({
  name: 'transfer-accepted',
  describe: 'A transfer leads to another team, and that team accepts it.',
  needs: ['endpoints', 'teams'],
  judge: (asked, { hostname }, facts) => {
    const { team } = asked.contract;
    if (!facts.teams.includes(team)) return noFindings;
    return existing(asked, facts)?.team === team
      ? deny(`${hostname} is held by team ${team} already.`, 'Name the team that receives it.', { path: 'team' })
      : review(`team:${team}`, `Team ${team} receives ${hostname} and answers for it from then on.`, `A member of team ${team} decides.`, {
          path: 'team',
        });
  },
});
