// Everything that is written down, in one table: what it is done to, which facts are kept with it, and its words. Writers
// take their types from here, an endpoint's history and the audit page their words.
import { z } from 'zod';
import { campaignActions } from '../campaign/state.ts';
import { recordTypes } from '../dns/record-set.ts';
import { views } from '../dns/view.ts';
import { reservationKinds } from '../policy/ground.ts';
import { membershipRoles, organisationRoles, scopes } from '../policy/roles.ts';
import { requestKinds } from '../request/kind.ts';

type Detail = z.ZodType<{ readonly [fact: string]: unknown }>;

/** @param name what the filter of the audit page calls it */
const kept = <D extends Detail>(
  subject:
    | 'authority'
    | 'campaign'
    | 'cluster'
    | 'destination'
    | 'discovered'
    | 'discovery'
    | 'environment'
    | 'exception'
    | 'grant'
    | 'installation'
    | 'issuer'
    | 'person'
    | 'procedure'
    | 'reservation'
    | 'root'
    | 'session'
    | 'team'
    | 'token'
    | 'zone',
  name: string,
  detail: D,
) => ({ subject, name, detail });

/**
 * What concerns an endpoint is also told in its history, after the name of who did it.
 * @param more what the detail adds; left out where an older version kept other facts
 */
const told = <D extends Detail>(
  subject: 'certificate' | 'endpoint' | 'request',
  name: string,
  detail: D,
  words: string,
  more: (detail: z.output<D>) => string = () => '',
) => ({
  subject,
  name,
  detail,
  tell(stored: unknown): string {
    const { data } = detail.safeParse(stored);
    return data === undefined ? words : `${words}${more(data)}`;
  },
});

const text = z.string();
const texts = z.array(text).readonly();
const whole = z.number().int();
const time = z.iso.datetime();
const nothing = z.strictObject({});
const facts = z.record(text, z.json());
/** Of what is connected: whether a test passed before, which older events do not say, nor those of what stays where it was. */
const reconnected = z.object({ before: facts, after: facts, newSecret: z.boolean(), tested: z.boolean().optional() });
const because = ({ reason }: { readonly reason: string | null }): string => (reason ? `: ${reason}` : '');
/** Where it was one of many. */
const ofCampaign = { campaign: text.optional(), askedBy: text.optional() };
const asWhoAsked = ({ askedBy }: { readonly askedBy?: string | undefined }): string =>
  askedBy === undefined ? '' : `, as ${askedBy} asked`;
const bySerial = ({ serial }: { readonly serial: string }): string => ` (serial ${serial})`;

const recordSet = z.object({ name: text, type: z.enum(recordTypes), ttl: whole, values: texts }).nullable();
const changes = z.array(z.object({ name: text, type: z.enum(recordTypes), before: recordSet, after: recordSet })).readonly();
const asked = z.object({
  number: whole,
  kind: z.enum(requestKinds),
  team: text,
  outcome: text,
  planHash: text,
  reviewGroups: texts,
});
const reviewed = z.object({ number: whole, groups: texts, reason: text, planHash: text });
const gaveUp = z.object({ code: text, reason: text });
const issued = z.object({ serial: text, names: texts, issuer: text, notAfter: time, fingerprint: text });
const granted = z.object({
  team: text,
  suffix: text,
  environments: texts,
  views: z.array(z.enum(views)).readonly(),
  wildcard: z.boolean(),
  apex: z.boolean(),
  reason: text.nullable(),
  expiresAt: time.nullable(),
});
const stage = z.object({ name: text, rank: whole });
const cluster = z.object({
  hostname: text,
  environment: text,
  public: z.boolean(),
  certificateLimit: whole.nullable(),
  destination: text.nullable(),
});
const reserved = z.object({ kind: z.enum(reservationKinds), group: text, reason: text });
const excepted = z.object({ rule: text, reason: text, until: time });
const massEvent = z.object({
  action: z.enum(campaignActions),
  reason: text.nullable(),
  scope: facts,
  comment: text,
  pace: whole,
  asOf: time,
  planHash: text,
  planned: whole,
});
const lookedAt = z.object({ targets: texts, ports: z.array(whole).readonly(), everyHours: whole, team: text.nullable() });
const readLog = z.object({ kind: text });
const signInMethod = z.enum(['password', 'oidc', 'link']);
const roles = z.array(z.enum(organisationRoles)).readonly();

export const auditActions = {
  'request.create': told('request', 'Asked for a name', asked, 'asked for it'),
  'request.approve': told('request', 'Approved a request', reviewed, 'approved it', because),
  'request.reject': told('request', 'Rejected a request', reviewed, 'rejected it', because),
  'request.cancel': told(
    'request',
    'Cancelled a request',
    z.object({ number: whole, reason: text.nullable() }),
    'cancelled the request',
    because,
  ),
  'request.supersede': told(
    'request',
    'Superseded a request',
    z.object({ number: whole, by: whole }),
    'asked for something newer',
    ({ by }) => ` (#${by})`,
  ),
  'request.stale': told('request', 'Found a plan out of date', gaveUp, 'found the plan out of date', because),
  'request.fail': told('request', 'Gave a request up', gaveUp, 'gave the request up', because),
  'records.apply': told(
    'endpoint',
    'Changed records',
    z.object({ zone: text, changes }),
    'changed the records',
    ({ zone }) => ` in ${zone}`,
  ),
  'records.send': told(
    'endpoint',
    'Sent changes of records, and did not read back that they were made',
    z.object({ zone: text, changes }),
    'sent changes of the records',
    ({ zone }) => ` to ${zone}; nobody read back that they were made`,
  ),
  'certificate.issue': told('certificate', 'Issued a certificate', issued, 'issued a certificate', bySerial),
  'certificate.revoke': told(
    'certificate',
    'Revoked a certificate',
    // Who asked for it, and what they said, where it was somebody.
    z.object({ serial: text, reason: text, askedBy: text.optional(), comment: text.optional() }),
    'revoked a certificate',
    (detail) => `${bySerial(detail)}${because(detail)}${asWhoAsked(detail)}`,
  ),
  'certificate.ask-revocation': told(
    'certificate',
    'Asked to revoke a certificate',
    z.object({ serial: text, reason: text, comment: text, ...ofCampaign }),
    'asked to revoke a certificate',
    (detail) => `${bySerial(detail)}: ${detail.reason}, ${detail.comment}${asWhoAsked(detail)}`,
  ),
  'endpoint.bring-certificate': told(
    'endpoint',
    'Brought a certificate to import',
    z.object({ octets: whole }),
    'brought a certificate to import',
  ),
  'endpoint.refuse-certificate': told(
    'endpoint',
    'Refused a certificate that was brought',
    z.object({ broughtBy: text, rules: texts }),
    'refused the certificate that was brought',
    ({ broughtBy, rules }) => ` by ${broughtBy} (${rules.join(', ')})`,
  ),
  'certificate.import': told(
    'certificate',
    'Imported a certificate',
    issued.extend({ broughtBy: text }),
    'imported a certificate',
    (detail) => `${bySerial(detail)}, as ${detail.broughtBy} brought it`,
  ),
  'certificate.ask-key': told(
    'certificate',
    'Asked for a private key',
    z.object({ serial: text }),
    'asked to take the private key of a certificate',
    bySerial,
  ),
  'certificate.take-key': told(
    'certificate',
    'Took a private key away',
    z.object({ serial: text }),
    'took the private key of a certificate away',
    bySerial,
  ),
  'certificate.ask-replacement': told(
    'certificate',
    'Asked to replace a certificate',
    z.object({ serial: text, comment: text, ...ofCampaign }),
    'asked to replace a certificate',
    (detail) => `${bySerial(detail)}: ${detail.comment}${asWhoAsked(detail)}`,
  ),
  'certificate.refuse-revocation': told(
    'certificate',
    'Was refused a revocation',
    z.object({ serial: text, issuer: text, code: text, reason: text, notAfter: time }),
    'could not revoke a certificate',
    (detail) => `${bySerial(detail)}${because(detail)}`,
  ),
  'endpoint.live': told('endpoint', 'Saw an endpoint live', z.object({ revision: whole }), 'saw every layer work: live'),
  'endpoint.issued': told(
    'endpoint',
    'Saw a certificate alone in place',
    z.object({ revision: whole }),
    'saw that its certificate is there',
  ),
  'endpoint.degraded': told('endpoint', 'Saw an endpoint degraded', z.object({ problem: text }), 'saw a layer fail: degraded'),
  'endpoint.retire': told(
    'endpoint',
    'Saw an endpoint retired',
    z.object({ quarantineEnds: time.nullable() }),
    'saw the records gone: retired',
  ),
  'endpoint.recheck': told('endpoint', 'Asked for a check', nothing, 'asked for a check'),
  'grant.create': kept('grant', 'Granted a suffix', granted),
  'grant.update': kept('grant', 'Changed a grant', z.object({ before: granted, after: granted })),
  'grant.revoke': kept('grant', 'Revoked a grant', nothing),
  'reservation.create': kept('reservation', 'Reserved names', reserved),
  'reservation.remove': kept('reservation', 'Removed a reservation', reserved),
  'exception.create': kept('exception', 'Recorded an exception', excepted),
  'exception.end': kept('exception', 'Ended an exception', excepted),
  'environment.create': kept('environment', 'Made an environment', stage),
  'environment.update': kept('environment', 'Changed an environment', z.object({ before: stage, after: stage })),
  'environment.remove': kept('environment', 'Removed an environment', stage),
  'cluster.create': kept('cluster', 'Added a cluster', cluster),
  'cluster.update': kept('cluster', 'Changed a cluster', z.object({ before: cluster, after: cluster })),
  'cluster.remove': kept('cluster', 'Removed a cluster', cluster),
  'zone.create': kept('zone', 'Connected a zone', facts),
  'zone.update': kept('zone', 'Changed a zone', reconnected),
  'zone.remove': kept('zone', 'Removed a zone', facts),
  'zone.give-up': kept('zone', 'Gave a zone up', z.object({ endpoints: whole })),
  'zone.reread': kept('zone', 'Asked to read a zone', nothing),
  'zone.test': kept('zone', 'Tested a zone', nothing),
  'zone.try': kept('zone', 'Tried a connection', facts),
  'issuer.create': kept('issuer', 'Made a certificate authority', z.object({ permittedSuffixes: texts })),
  'issuer.connect': kept('issuer', 'Connected an issuer', facts),
  'issuer.update': kept('issuer', 'Changed an issuer', reconnected),
  'issuer.delegate-ocsp': kept('issuer', 'Made a signer of OCSP responses', z.object({ serial: text, fingerprint: text, notAfter: time })),
  'issuer.stop': kept('issuer', 'Stopped an issuer', nothing),
  'issuer.resume': kept('issuer', 'Resumed an issuer', nothing),
  'issuer.revoke': kept('issuer', 'Found a CA revoked by its root', z.object({ root: text, list: whole })),
  'issuer.test': kept('issuer', 'Tested an issuer', nothing),
  'issuer.change-key': kept('issuer', 'Asked for another key of an account', nothing),
  'issuer.try': kept('issuer', 'Tried the connection of an issuer', facts),
  'issuer.remove': kept('issuer', 'Removed an issuer', facts),
  'destination.connect': kept('destination', 'Connected a destination', facts),
  'destination.update': kept('destination', 'Changed a destination', reconnected),
  'destination.test': kept('destination', 'Tested a destination', nothing),
  'destination.try': kept('destination', 'Tried the connection of a destination', facts),
  // Of how many certificates nobody knows any more, where it was gone for good.
  'destination.remove': kept('destination', 'Removed a destination', z.object({ settings: facts, left: whole })),
  'discovery.allow': kept('discovery', 'Allowed hosts to be looked at', lookedAt),
  'discovery.update': kept('discovery', 'Changed a discovery scope', z.object({ before: lookedAt, after: lookedAt })),
  'discovery.remove': kept('discovery', 'Removed a discovery scope', lookedAt),
  'discovery.look': kept('discovery', 'Asked to look for certificates now', nothing),
  'discovery.connect-log': kept('discovery', 'Connected a log of Certificate Transparency', readLog),
  'discovery.read-log': kept('discovery', 'Asked to read a log of Certificate Transparency now', nothing),
  'discovery.remove-log': kept('discovery', 'Removed a log of Certificate Transparency', readLog),
  'discovered.mark-known': kept(
    'discovered',
    'Said that a found certificate is in order',
    z.object({ fingerprint: text, reason: text, until: time }),
  ),
  'discovered.withdraw': kept(
    'discovered',
    'Took back that a found certificate is in order',
    z.object({ fingerprint: text, reason: text }),
  ),
  'authority.make-root': kept('authority', 'Asked to make a root', z.object({ key: text, intermediateKey: text })),
  'authority.connect-root': kept(
    'authority',
    'Asked to connect a root by its certificate',
    z.object({ fingerprint: text, intermediateKey: text }),
  ),
  'authority.import': kept('authority', 'Brought a CA with its key', z.object({ fingerprint: text, intermediateKey: text })),
  'authority.activate-root': kept('authority', 'Asked that a root signs from now on', nothing),
  'authority.withdraw-root': kept('authority', 'Asked to trust a root no more', nothing),
  'authority.request-intermediate': kept('authority', 'Asked for a request for a CA below a root', nothing),
  'authority.install-intermediate': kept(
    'authority',
    'Brought a CA that was signed elsewhere',
    z.object({ root: text, fingerprint: text }),
  ),
  'authority.drop-request': kept('authority', 'Asked to drop the request of a CA', z.object({ root: text })),
  'authority.install-crl': kept('authority', 'Brought a list of what a root has revoked', z.object({ number: whole })),
  'root.activate': kept('root', 'Had a root sign from now on', z.object({ before: text.nullable() })),
  'root.withdraw': kept('root', 'Trusts a root no more', nothing),
  'campaign.propose': kept('campaign', 'Asked for a campaign', massEvent),
  'campaign.start': kept('campaign', 'Started a campaign', massEvent),
  'campaign.pause': kept('campaign', 'Paused a campaign', nothing),
  'campaign.resume': kept('campaign', 'Let a campaign go on', nothing),
  'campaign.stop': kept('campaign', 'Stopped a campaign', nothing),
  'campaign.set-pace': kept('campaign', 'Changed the pace of a campaign', z.object({ before: whole, after: whole })),
  'campaign.finish': kept('campaign', 'Saw a campaign finish', z.object({ takenUp: whole })),
  'installation.rewrap-keys': kept(
    'installation',
    'Wrapped the keys under another key-encryption key',
    z.object({ under: text, rewrapped: whole, left: whole }),
  ),
  'team.create': kept('team', 'Made a team', z.object({ name: text })),
  'team.set-member': kept('team', 'Changed a membership', z.object({ person: text, role: z.enum(membershipRoles).nullable() })),
  'person.create': kept('person', 'Added a person', z.object({ roles, oidcSubject: text.nullable() })),
  'person.link': kept('person', 'Linked a person', z.object({ oidcSubject: text })),
  'person.invite': kept(
    'person',
    'Invited a person',
    z.object({ roles, teams: z.array(z.object({ team: text, role: z.enum(membershipRoles) })).readonly(), until: time }),
  ),
  'person.make-link': kept('person', 'Made a link to set a password', z.object({ purpose: z.enum(['invitation', 'reset']), until: time })),
  'person.set-password': kept(
    'person',
    'Set a password with a link',
    z.object({ purpose: z.enum(['invitation', 'reset']), endedSessions: whole }),
  ),
  'person.change-password': kept('person', 'Changed their password', z.object({ endedSessions: whole })),
  'person.disable': kept('person', 'Disabled a person', z.object({ endedSessions: whole })),
  'person.enable': kept('person', 'Enabled a person', nothing),
  'person.end-sessions': kept('person', 'Ended sessions of a person', z.object({ endedSessions: whole })),
  'person.set-roles': kept('person', 'Changed roles', z.object({ before: texts, after: roles })),
  'session.start': kept('session', 'Signed in', z.object({ method: z.enum(['password', 'oidc']), address: text.nullable() })),
  'session.end': kept('session', 'Signed out', nothing),
  'session.refuse': kept(
    'person',
    'Refused a sign-in',
    z.object({
      address: text,
      tries: whole,
      method: signInMethod,
      reason: text.optional(),
    }),
  ),
  'session.lock-out': kept(
    'person',
    'Took no more sign-ins',
    z.object({ address: text, tries: whole, method: signInMethod, of: z.enum(['account', 'account from one address', 'address']) }),
  ),
  'access.refuse': kept('procedure', 'Was refused what they asked for', z.object({ code: text, reason: text, tries: whole })),
  'token.create': kept('token', 'Made a token', z.object({ scopes: z.array(z.enum(scopes)).readonly(), teams: texts, expiresAt: time })),
  // Whose end it shares, where a token had made it.
  'token.revoke': kept('token', 'Revoked a token', z.strictObject({ madeBy: text.optional() })),
} as const;

export type AuditAction = keyof typeof auditActions;
export type AuditDetail<A extends AuditAction> = z.output<(typeof auditActions)[A]['detail']>;

const isAction = (word: string): word is AuditAction => Object.hasOwn(auditActions, word);

/** All of them, in the order of the table. */
export const auditActionWords = Object.keys(auditActions).filter(isAction);

/** The event as a sentence without its actor; null for what is no part of an endpoint's history. */
export function tellAction(word: string, detail: unknown): string | null {
  const action = isAction(word) ? auditActions[word] : null;
  return action !== null && 'tell' in action ? action.tell(detail) : null;
}
