import { minutesFor } from '@hostmaster/core/campaign/pace';
import { campaignPlanHash } from '@hostmaster/core/campaign/plan-hash';
import { revokedByOne } from '@hostmaster/core/campaign/state';
import type { CampaignDraft, CampaignPlan, CampaignScope } from '@hostmaster/core/contract/campaign';
import { minute } from '@hostmaster/core/duration';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { sourcesMadeHere, sourceTraits, type TlsSource } from '@hostmaster/core/pki/source-traits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { endingInScope, type Scoped, type ScopeGroup, scopeGroups } from '@hostmaster/db/campaign';
import { issuerChooser } from '../certificate/choose-issuer.ts';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';
import { asStored } from '../typed-name.ts';
import { refuse } from '../violation.ts';
import { begunAlone, needsSecond } from './four-eyes.ts';
import { bareSuffix, unknownInScope } from './known-scope.ts';

const mostTeams = 10;

/** What a campaign would do, as it is now. Errors: forbidden, invalid-input (the scope names what is not there). */
export async function planCampaign(ctx: Ctx, draft: CampaignDraft): Promise<CampaignPlan> {
  authorize(ctx.actor, 'campaign.run');
  return planOf(ctx, draft, ctx.clock.now());
}

/** The scope as it is stored and hashed. */
export const asScope = ({ suffix, ...scope }: CampaignScope): CampaignScope => ({
  ...scope,
  ...(suffix === undefined ? {} : { suffix: asStored(bareSuffix(suffix)) }),
});

/** The same, for what was issued until a time. Errors: invalid-input. */
export async function planOf(ctx: Ctx, draft: CampaignDraft, asOf: Date): Promise<CampaignPlan> {
  const now = ctx.clock.now();
  const { action, pace, reason = null } = draft;
  refuse(await unknownInScope(ctx.db, draft.scope));
  const scoped: Scoped = { action, scope: asScope(draft.scope), asOf };
  const groups = await scopeGroups(ctx.db, scoped, now);
  const total = sum(groups);
  const minutes = minutesFor(total, pace);
  const [expiring, issuers, begun] = await Promise.all([
    total === 0 ? 0 : endingInScope(ctx.db, scoped, now, new Date(now.getTime() + minutes * minute)),
    issuersAsked(ctx, groups),
    begunAlone(ctx.db, ctx),
  ]);
  const byTeam = [...summedBy(groups, ({ team }) => team)].map(([team, count]) => ({ team, count }));
  const own = new Set(ctx.actor.teams.map(({ id }) => id));
  const others = sum(groups.filter(({ teamId }) => !own.has(teamId)));
  const requesterKeys = groups.reduce((all, group) => all + group.requesterKeys, 0);
  const takenKeys = groups.reduce((all, group) => all + group.takenKeys, 0);
  const known = { action, total, requesterKeys, takenKeys, expiring, issuers, others, begun, foreign: foreign(groups) };
  return {
    asOf: timestampOf(asOf),
    hash: campaignPlanHash({ ...scoped, reason }),
    total,
    teamCount: byTeam.length,
    teams: byTeam.toSorted((a, b) => b.count - a.count || (a.team < b.team ? -1 : 1)).slice(0, mostTeams),
    issuers,
    requesterKeys,
    others,
    minutes,
    expiring,
    fourEyes: needsSecond({ action, others, begun }),
    warnings: warningsOf(known),
  };
}

const sum = (groups: readonly { readonly count: number }[]): number => groups.reduce((all, { count }) => all + count, 0);

const isSource = (kind: string): kind is TlsSource => Object.hasOwn(sourceTraits, kind);
/** Those that CAs of others sign: what these take in an hour is known there alone. */
const foreign = (groups: readonly ScopeGroup[]): number => sum(groups.filter(({ kind }) => !sourcesMadeHere.some((own) => own === kind)));

/** Who would be asked now, told by one name of each zone. */
async function issuersAsked(ctx: Ctx, groups: readonly ScopeGroup[]): Promise<CampaignPlan['issuers']> {
  const choose = await issuerChooser(ctx);
  const counts = summedBy(groups, ({ kind, hostname }) =>
    isSource(kind) ? (choose(kind, [storedHostname(hostname)])?.slug ?? null) : null,
  );
  return [...counts].map(([issuer, count]) => ({ issuer, count })).toSorted((a, b) => b.count - a.count);
}

function summedBy<Key>(groups: readonly ScopeGroup[], keyOf: (group: ScopeGroup) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const group of groups) sums.set(keyOf(group), (sums.get(keyOf(group)) ?? 0) + group.count);
  return sums;
}

type Known = Pick<CampaignPlan, 'total' | 'requesterKeys' | 'expiring' | 'issuers' | 'others'> & {
  readonly action: CampaignDraft['action'];
  readonly takenKeys: number;
  readonly begun: number;
  readonly foreign: number;
};

function warningsOf({ action, total, requesterKeys, takenKeys, expiring, issuers, others, begun, foreign: ofOthers }: Known): string[] {
  const unsigned = issuers.find(({ issuer }) => issuer === null)?.count ?? 0;
  const certificates = (count: number) => `${count} certificate${count === 1 ? '' : 's'}`;
  return [
    ...(total === 0 ? ['No valid certificate is in this scope.'] : []),
    ...(unsigned > 0
      ? [
          `No issuer may sign another one for ${certificates(unsigned)} now: what replaces them waits for one that is connected and not stopped.`,
        ]
      : []),
    ...(requesterKeys > 0 && action === 'replace'
      ? [
          `${certificates(requesterKeys)} have a key that their requester keeps: another one is issued for the same key, and their teams install it.`,
        ]
      : []),
    ...(requesterKeys > 0 && action === 'revoke'
      ? [
          `${certificates(requesterKeys)} have a key that their requester keeps: they are revoked at once, and their names are without a valid one until their teams bring a CSR for a new key.`,
        ]
      : []),
    ...(takenKeys > 0
      ? [
          takenKeys === 1
            ? 'The private key of 1 certificate was taken away: whoever installed it has to install the new one.'
            : `The private keys of ${certificates(takenKeys)} were taken away: whoever installed them has to install the new ones.`,
        ]
      : []),
    ...(action === 'revoke' && others > 0 && begun > 0
      ? [
          `You began to revoke ${certificates(begun)} alone within the last 24 hours. They count together with the ${others} of other teams in this plan: above ${revokedByOne} a second person has to start it.`,
        ]
      : []),
    ...(expiring > 0
      ? [`${certificates(expiring)} expire before the last one would be taken up at this pace; those that end first are taken up first.`]
      : []),
    ...(ofOthers > 0
      ? [
          `What the CAs of ${certificates(ofOthers)} take in an hour is not known here: where one says that it is too much, the work waits for as long as it says.`,
        ]
      : []),
  ];
}
