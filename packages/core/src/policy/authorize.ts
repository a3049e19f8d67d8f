// Who may do what, as one exhaustive table: action → scope of a token, and a predicate over the actor and the resource.
// A person's session has no scopes (null: everything their roles allow); a token has exactly the scopes it was given.
// Policy (which names) is decided elsewhere; this is about the actor alone.
import { HostmasterError } from '../errors.ts';
import { type MayReview, mayReview, type ReviewableRequest } from '../request/separation.ts';
import { type Answerer, type Answering, answererOf, answersFor } from './answerer.ts';
import { type MembershipRole, type OrganisationRole, type Scope, scopes } from './roles.ts';

export type TeamMembership = { readonly id: string; readonly slug: string; readonly role: MembershipRole };

export type Actor = Credential &
  (
    | { readonly kind: 'person' }
    /** A program with a credential of its own; there is always somebody who answers for it. */
    | { readonly kind: 'service'; readonly answerer: Answerer }
    | { readonly kind: 'system' }
  );

type Credential = {
  readonly id: string;
  readonly name: string;
  readonly teams: readonly TeamMembership[];
  readonly roles: readonly OrganisationRole[];
  /** Scopes of the token; null for a session, which is not limited beyond its roles. */
  readonly scopes: readonly Scope[] | null;
};

type OfTeam = { /** Slug. */ readonly team: string };
type Requested = { readonly answering: Answering /** Id of the person, token or service that asked. */; readonly askerId?: string };

/** What each action needs to know of its resource; `null` means that it has none. */
export type ActionResources = {
  'request.create': OfTeam;
  'request.check': OfTeam;
  'request.read': null;
  'request.review': ReviewableRequest;
  /** `giver`: of a transfer, the team that holds the name. */
  'request.cancel': OfTeam & Requested & { readonly giver?: string };
  'endpoint.read': null;
  'certificate.read': null;
  /** Of the endpoint that it was issued for. */
  'certificate.revoke': OfTeam;
  'certificate.import': OfTeam;
  'certificate.export-key': OfTeam;
  'campaign.read': null;
  /** Planning one, starting it where one person may, pausing, letting it go on, stopping it. */
  'campaign.run': null;
  /** One that two people are needed for. */
  'campaign.start': { readonly answering: Answering };
  'operation.read': null;
  'operation.retry': OfTeam;
  'zone.read': null;
  'zone.create': null;
  'zone.update': null;
  'zone.remove': null;
  'zone.reread': null;
  'zone.test': null;
  'grant.read': null;
  'grant.create': null;
  'grant.update': null;
  'grant.revoke': null;
  'reservation.read': null;
  'reservation.create': null;
  'reservation.remove': null;
  'exception.read': null;
  /** The teams that may claim the name. */
  'exception.create': { readonly claimants: readonly Pick<TeamMembership, 'id' | 'slug'>[] };
  'exception.end': null;
  'environment.read': null;
  'environment.create': null;
  'environment.update': null;
  'environment.remove': null;
  'cluster.read': null;
  'cluster.create': null;
  'cluster.update': null;
  'cluster.remove': null;
  'destination.read': null;
  'destination.connect': null;
  'destination.update': null;
  /** Before it is kept, too. */
  'destination.test': null;
  'destination.remove': null;
  /** What was found, and where is looked. */
  'discovery.read': null;
  /** Where is looked, and when. */
  'discovery.manage': null;
  /** Saying that what was found is in order, and taking that back. */
  'discovery.confirm': null;
  'issuer.read': null;
  'issuer.connect': null;
  'issuer.update': null;
  /** Also taking it back. */
  'issuer.stop': null;
  /** Before it is kept, too. */
  'issuer.test': null;
  'issuer.change-key': null;
  'issuer.remove': null;
  /** Its roots, the CAs below them, and who fetched what people are to trust. */
  'authority.manage': null;
  'team.read': null;
  'team.create': null;
  'team.change-members': OfTeam;
  /** Who there is, letting people in and shutting them out, and what they may do in the organisation. */
  'person.manage': null;
  /** One's own password and sessions. */
  'account.manage': null;
  'audit.read': null;
  'audit.verify': null;
  /** One's own tokens. */
  'token.read': null;
  'token.create': { /** Slugs. */ readonly teams: readonly string[]; readonly scopes: readonly Scope[] };
  'token.revoke': { readonly ownerId: string };
  'me.read': null;
};
export type Action = keyof ActionResources;
type GeneralAction = { [A in Action]: ActionResources[A] extends null ? A : never }[Action];

/** Who may do these depends on what they are done to. */
const particular: Readonly<Record<Exclude<Action, GeneralAction>, true>> = {
  'request.create': true,
  'request.check': true,
  'request.review': true,
  'request.cancel': true,
  'certificate.revoke': true,
  'certificate.import': true,
  'certificate.export-key': true,
  'campaign.start': true,
  'operation.retry': true,
  'exception.create': true,
  'team.change-members': true,
  'token.create': true,
  'token.revoke': true,
};
const isParticular: Readonly<{ readonly [A in Action]?: true }> = particular;
const isGeneral = (action: Action): action is GeneralAction => isParticular[action] !== true;

type ScopeNeeded = Scope | 'session' | null;

type Permission<A extends Action> = {
  /** Scope that a token needs; null when any valid token will do, `session` when none will. */
  readonly scope: ScopeNeeded;
  /** Who may, as words for the message. */
  readonly who: string;
  /**
   * Or the judgement itself, where there is more to say than no.
   * @param actor with the roles that count in an action of this scope
   * @param whole with every role: what one hands on is not what one does
   */
  readonly allows: (actor: Actor, resource: ActionResources[A], whole: Actor) => boolean | MayReview;
};

const anybody = (): boolean => true;
const has = (role: OrganisationRole) => (actor: Actor) => actor.roles.includes(role);
const isAdmin = has('platform-admin');
const isSecurity = has('security-reviewer');
const isMember = (actor: Actor, { team }: OfTeam): boolean => actor.teams.some(({ slug }) => slug === team);
const isMaintainer = (actor: Actor, { team }: OfTeam): boolean =>
  actor.teams.some(({ slug, role }) => slug === team && role === 'maintainer');

/** Whether it is the person's own request, or what this very token asked for; else a token acts for its teams alone, whoever owns it. */
const isOwn = (actor: Actor, { answering, askerId }: Requested): boolean =>
  actor.id === askerId || (actor.kind === 'person' && answersFor(answererOf(actor), answering));

type Holder = Pick<Actor, 'roles' | 'scopes'> & { readonly teams: readonly Pick<TeamMembership, 'role'>[] };

/** The roles that count in the actions of a scope, and who can use it without one of them. */
type RolesOfScope = { readonly roles: readonly OrganisationRole[]; readonly orElse?: (holder: Holder) => boolean };

/**
 * Of its owner's roles a token carries those that its scopes are listed with here, each in the actions of that scope alone. With
 * the others it acts for its teams, and they are open to everybody.
 */
const rolesOfScope: ReadonlyMap<ScopeNeeded, RolesOfScope> = new Map<Scope, RolesOfScope>([
  // Teams review too.
  ['reviews:write', { roles: ['security-reviewer', 'platform-admin'], orElse: anybody }],
  // Teams revoke what is theirs.
  ['certificates:write', { roles: ['security-reviewer', 'platform-admin'], orElse: anybody }],
  ['policy:write', { roles: ['platform-admin'] }],
  ['zones:write', { roles: ['platform-admin'] }],
  ['issuers:write', { roles: ['platform-admin'] }],
  ['teams:write', { roles: ['platform-admin'], orElse: ({ teams }) => teams.some(({ role }) => role === 'maintainer') }],
  ['people:write', { roles: ['platform-admin'] }],
  ['audit:read', { roles: ['auditor'] }],
]);

/** Of the roles of somebody those that a token with these scopes carries. */
export const rolesFor = (holder: Pick<Actor, 'roles'>, wanted: readonly ScopeNeeded[]): readonly OrganisationRole[] =>
  holder.roles.filter((role) => wanted.some((scope) => rolesOfScope.get(scope)?.roles.includes(role)));

/** The actor as far as their roles count in an action of the scope. */
const within = (actor: Actor, scope: ScopeNeeded): Actor => (actor.scopes === null ? actor : { ...actor, roles: rolesFor(actor, [scope]) });

/** The scopes that somebody can use, and may therefore hand on to a token. */
export const scopesOf = (holder: Holder): readonly Scope[] =>
  (holder.scopes ?? scopes).filter((scope) => {
    const needed = rolesOfScope.get(scope);
    return needed === undefined || needed.roles.some((role) => holder.roles.includes(role)) || (needed.orElse?.(holder) ?? false);
  });

/** What somebody holds, in words that can be compared later: their roles, and their place in each team. */
export const rightsOf = ({ roles, teams }: Pick<Actor, 'roles' | 'teams'>): readonly string[] => [
  ...roles,
  ...teams.flatMap(({ slug, role }) => [`member of ${slug}`, ...(role === 'maintainer' ? [`maintainer of ${slug}`] : [])]),
];

const permissions: { readonly [A in Action]: Permission<A> } = {
  'request.create': {
    scope: 'requests:write',
    who: 'a member of the team that the contract names, and a transfer for one of the team that has the name',
    allows: isMember,
  },
  'request.check': {
    scope: 'requests:read',
    who: 'a member of the team that the contract names, and a transfer for one of the team that has the name',
    allows: isMember,
  },
  'request.read': { scope: 'requests:read', who: 'anybody who is signed in', allows: anybody },
  'request.review': {
    scope: 'reviews:write',
    who: 'a member of a group that must still review it and does not answer for it',
    allows: mayReview,
  },
  'request.cancel': {
    scope: 'requests:write',
    who: 'whoever asked, a member of the team that it is for or that has the name, or a platform admin',
    allows: (actor, request) =>
      isMember(actor, request) ||
      (request.giver !== undefined && isMember(actor, { team: request.giver })) ||
      isOwn(actor, request) ||
      isAdmin(actor),
  },
  'endpoint.read': { scope: 'endpoints:read', who: 'anybody who is signed in', allows: anybody },
  'certificate.read': { scope: 'certificates:read', who: 'anybody who is signed in', allows: anybody },
  'certificate.revoke': {
    scope: 'certificates:write',
    who: 'a member of the team, a security reviewer, or a platform admin',
    allows: (actor, resource) => isMember(actor, resource) || isSecurity(actor) || isAdmin(actor),
  },
  'certificate.import': {
    scope: 'certificates:write',
    who: 'a maintainer of the team',
    allows: isMaintainer,
  },
  'certificate.export-key': {
    scope: 'session',
    who: 'a maintainer of the team',
    allows: (actor, resource) => actor.kind === 'person' && isMaintainer(actor, resource),
  },
  'campaign.read': { scope: 'certificates:read', who: 'anybody who is signed in', allows: anybody },
  'campaign.run': {
    scope: 'certificates:write',
    who: 'a security reviewer, or a platform admin',
    allows: (actor) => isSecurity(actor) || isAdmin(actor),
  },
  'campaign.start': {
    scope: 'certificates:write',
    who: 'a security reviewer or a platform admin who does not answer for it',
    allows: (actor, { answering }) => {
      if (!isSecurity(actor) && !isAdmin(actor)) return false;
      if (!answersFor(answererOf(actor), answering)) return true;
      return { ok: false, code: 'self-review', reason: 'A second person starts what revokes so many certificates of other teams.' };
    },
  },
  'operation.read': { scope: 'operations:read', who: 'anybody who is signed in', allows: anybody },
  'operation.retry': {
    scope: 'requests:write',
    who: 'a member of the team, or a platform admin',
    allows: (actor, resource) => isMember(actor, resource) || isAdmin(actor),
  },
  'zone.read': { scope: 'zones:read', who: 'anybody who is signed in', allows: anybody },
  'zone.create': { scope: 'zones:write', who: 'a platform admin', allows: isAdmin },
  'zone.update': { scope: 'zones:write', who: 'a platform admin', allows: isAdmin },
  'zone.remove': { scope: 'zones:write', who: 'a platform admin', allows: isAdmin },
  'zone.reread': { scope: 'zones:write', who: 'a platform admin', allows: isAdmin },
  'zone.test': { scope: 'zones:write', who: 'a platform admin', allows: isAdmin },
  'grant.read': { scope: 'policy:read', who: 'anybody who is signed in', allows: anybody },
  'grant.create': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'grant.update': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'grant.revoke': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'reservation.read': { scope: 'policy:read', who: 'anybody who is signed in', allows: anybody },
  'reservation.create': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'reservation.remove': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'exception.read': { scope: 'policy:read', who: 'anybody who is signed in', allows: anybody },
  'exception.create': {
    scope: 'reviews:write',
    who: 'a security reviewer who is in no team that may claim the name',
    allows: (actor, { claimants }) => {
      if (!isSecurity(actor)) return false;
      const own = claimants.find(({ id }) => answersFor(answererOf(actor), { kind: 'team', id }));
      return own === undefined || { ok: false, code: 'self-review', reason: `Nobody lifts a rule for their own team, ${own.slug}.` };
    },
  },
  'exception.end': {
    scope: 'reviews:write',
    who: 'a security reviewer, or a platform admin',
    allows: (actor) => isSecurity(actor) || isAdmin(actor),
  },
  'environment.read': { scope: 'policy:read', who: 'anybody who is signed in', allows: anybody },
  'environment.create': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'environment.update': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'environment.remove': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'cluster.read': { scope: 'policy:read', who: 'anybody who is signed in', allows: anybody },
  'cluster.create': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'cluster.update': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'cluster.remove': { scope: 'policy:write', who: 'a platform admin', allows: isAdmin },
  'destination.read': { scope: 'certificates:read', who: 'anybody who is signed in', allows: anybody },
  'destination.connect': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'destination.update': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'destination.test': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'destination.remove': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.read': { scope: 'certificates:read', who: 'anybody who is signed in', allows: anybody },
  'discovery.read': { scope: 'certificates:read', who: 'anybody who is signed in', allows: anybody },
  'discovery.manage': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'discovery.confirm': {
    scope: 'certificates:write',
    who: 'a security reviewer, or a platform admin',
    allows: (actor) => isSecurity(actor) || isAdmin(actor),
  },
  'issuer.connect': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.update': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.stop': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.test': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.change-key': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'issuer.remove': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'authority.manage': { scope: 'issuers:write', who: 'a platform admin', allows: isAdmin },
  'team.read': { scope: 'teams:read', who: 'anybody who is signed in', allows: anybody },
  'team.create': { scope: 'teams:write', who: 'a platform admin', allows: isAdmin },
  'team.change-members': {
    scope: 'teams:write',
    who: 'a maintainer of the team, or a platform admin',
    allows: (actor, team) => isMaintainer(actor, team) || isAdmin(actor),
  },
  'person.manage': { scope: 'people:write', who: 'a platform admin', allows: isAdmin },
  'account.manage': { scope: 'session', who: 'anybody who is signed in', allows: ({ kind }) => kind === 'person' },
  'audit.read': { scope: 'audit:read', who: 'an auditor', allows: has('auditor') },
  'audit.verify': { scope: 'audit:read', who: 'an auditor', allows: has('auditor') },
  'token.read': { scope: 'tokens:write', who: 'anybody who is signed in', allows: anybody },
  'token.create': {
    scope: 'tokens:write',
    who: 'a member of every team it names, who hands on no more than they hold',
    allows: (actor, { teams, scopes: wanted }, whole) => {
      const held = scopesOf(whole);
      return teams.every((team) => isMember(actor, { team })) && wanted.every((scope) => held.includes(scope));
    },
  },
  'token.revoke': {
    scope: 'tokens:write',
    who: 'its owner, or a platform admin',
    allows: (actor, { ownerId }) => answersFor(answererOf(actor), { kind: 'person', id: ownerId }) || isAdmin(actor),
  },
  'me.read': { scope: null, who: 'anybody who is signed in', allows: anybody },
};

export const actions = Object.keys(permissions) as readonly Action[];

/** Scope and audience of an action, for the documentation and for the authorization matrix. */
export const permissionOf = (action: Action): { readonly scope: ScopeNeeded; readonly who: string } => permissions[action];

type ResourceArguments<A extends Action> = ActionResources[A] extends null ? [] : [resource: ActionResources[A]];

/**
 * Passes, or throws `forbidden` naming the scope or the role that is missing; for a review whatever four eyes say.
 * The system itself (sweeps, renewals) may do everything except review.
 */
export function authorize<A extends Action>(actor: Actor, action: A, ...[resource]: ResourceArguments<A>): void {
  const permission: Permission<A> = permissions[action];
  if (actor.kind === 'system' && action !== 'request.review') return;
  requireScope(actor, action);
  const about = (resource ?? null) as ActionResources[A];
  const allowed = permission.allows(within(actor, permission.scope), about, actor);
  if (allowed === false) throw new HostmasterError('forbidden', `${action} is for ${permission.who}.${missing(about)}`);
  if (allowed !== true && !allowed.ok) throw new HostmasterError(allowed.code, allowed.reason);
}

/**
 * What `authorize` can refuse before anybody looks at what was sent, so that whoever may not ask is told nothing about it. The
 * use case authorizes all the same.
 */
export function authorizeAtDoor(actor: Actor, action: Action): void {
  if (isGeneral(action)) authorize(actor, action);
  else requireScope(actor, action);
}

function requireScope(actor: Actor, action: Action): void {
  const { scope } = permissions[action];
  if (actor.scopes === null || scope === null) return;
  if (scope === 'session') throw new HostmasterError('forbidden', `${action} is for somebody who is signed in; no token may do it.`);
  if (!actor.scopes.includes(scope)) throw new HostmasterError('forbidden', `This token lacks the scope ${scope}, which ${action} needs.`);
}

/** Whether `authorize` would pass; for showing or hiding a button, never in place of `authorize`. */
export function may<A extends Action>(actor: Actor, action: A, ...resource: ResourceArguments<A>): boolean {
  try {
    authorize(actor, action, ...resource);
    return true;
  } catch (error) {
    if (error instanceof HostmasterError) return false;
    throw error;
  }
}

function missing(resource: ActionResources[Action]): string {
  return resource !== null && 'team' in resource ? ` Its team: ${resource.team}.` : '';
}
