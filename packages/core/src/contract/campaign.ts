// Many certificates replaced, or revoked and replaced, as one: planned, started, and followed.
import { z } from 'zod';
import { defaultPace, fastestPace } from '../campaign/pace.ts';
import { campaignStages, stageWords } from '../campaign/stage.ts';
import { campaignActions, campaignStates } from '../campaign/state.ts';
import { givenSerial, revocationReason } from './certificate.ts';
import { slug } from './endpoint.ts';
import { breakRule } from './own-rule.ts';
import { givenTime, id, pageOf, pageQuery, timestamp } from './page.ts';
import { neededText } from './readable.ts';
import { named, told } from './told.ts';

const mostSerials = 1000;
const mostIssuers = 20;

const action = named(
  'CampaignAction',
  z.enum(campaignActions),
  'What is done to each certificate: `replace` has another one issued and seen in its place; `revoke` has it revoked as by hand, with another one in its place first.',
);
const state = named(
  'CampaignState',
  z.enum(campaignStates),
  'Where a campaign is: `proposed` waits for a second person; `stopped` takes nothing more up; `finished` has nothing left that moves by itself.',
);
const stage = named(
  'CampaignStage',
  z.enum(campaignStages),
  `How far a certificate is that was taken up. ${campaignStages.map((word) => `\`${word}\`: ${stageWords[word]}`).join(' ')}`,
);

export const campaignScope = named(
  'CampaignScope',
  z
    .strictObject({
      issuers: told(z.array(slug).min(1).max(mostIssuers).optional(), 'Signed by one of these issuers; for a root, by any CA below it.', [
        'internal-ca-1',
      ]),
      keyAlgorithm: told(z.string().min(1).max(32).optional(), 'With a key of this algorithm.', 'rsa-2048'),
      team: told(slug.optional(), 'Of names that this team holds.', 'order-platform'),
      environment: told(slug.optional(), 'In this environment.', 'dev'),
      suffix: told(z.string().min(1).max(253).optional(), 'Of this name, and of names below it.', 'dev.example.test'),
      issuedAfter: told(givenTime.optional(), 'Issued then or later.', '2026-10-01T00:00:00Z'),
      issuedBefore: told(givenTime.optional(), 'Issued before then.', '2026-11-01T00:00:00Z'),
      serials: told(z.array(givenSerial).min(1).max(mostSerials).optional(), 'With one of these serials.', ['4F0C3A9D51']),
    })
    .superRefine((scope, context) => {
      if (Object.values(scope).every((value) => value === undefined))
        breakRule(context, {
          rule: 'campaign-scope',
          reason: 'Nothing says which certificates it is for.',
          remedy: 'Name an issuer, a key algorithm, a team, an environment, a suffix, times or serials.',
        });
      const { issuedAfter, issuedBefore } = scope;
      if (issuedAfter !== undefined && issuedBefore !== undefined && Date.parse(issuedAfter) >= Date.parse(issuedBefore))
        breakRule(
          context,
          { rule: 'campaign-times', reason: 'No certificate is issued both after and before then.', remedy: 'Turn the two times round.' },
          ['issuedBefore'],
        );
    }),
  'Which certificates: those that are all of this, valid, and not revoked. A campaign that replaces is for those in use; one that revokes, for those that were replaced already, too.',
);
export type CampaignScope = z.output<typeof campaignScope>;

const aboutPace = 'How many certificates a minute are taken up at most.';
const paceRange = z.number().int().min(1).max(fastestPace);
const pace = told(paceRange.default(defaultPace), aboutPace, 60);

const wanted = {
  action: told(action, 'What is done to each certificate.', 'replace'),
  reason: told(revocationReason.optional(), 'Where it revokes, why; else left out.', 'keyCompromise'),
  scope: campaignScope,
  pace,
};

/** The reason belongs to revocations alone. */
function requireReason({ action: what, reason }: { action: string; reason?: string | undefined }, context: z.RefinementCtx): void {
  if ((what === 'revoke') === (reason !== undefined)) return;
  const said = what === 'revoke' ? 'A revocation needs its reason.' : 'What is only replaced is revoked for no reason.';
  breakRule(
    context,
    { rule: 'campaign-reason', reason: said, remedy: what === 'revoke' ? 'Give the reason.' : 'Leave the reason out, or revoke.' },
    ['reason'],
  );
}

export const campaignDraft = named(
  'CampaignDraft',
  z.strictObject(wanted).superRefine(requireReason),
  'A campaign that is to be looked at before it is started.',
);
export type CampaignDraft = z.output<typeof campaignDraft>;

export const campaignInput = named(
  'CampaignInput',
  z
    .strictObject({
      ...wanted,
      comment: told(
        neededText(500, 'Say what happened; it stands in the history of every name.'),
        'What happened; it stands in the history of every name.',
        'The CA is distrusted from December on.',
      ),
      asOf: told(givenTime, 'As the plan said it: what was issued since is not in the scope.', '2026-11-20T14:02:31Z'),
      planHash: told(
        z.string().max(64),
        'Hash of the plan that was shown.',
        'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      ),
    })
    .superRefine(requireReason),
  'A campaign that is to be started.',
);
export type CampaignInput = z.output<typeof campaignInput>;

const count = z.number().int();
const teamCount = z.object({ team: told(z.string(), 'Short name of the team.', 'order-platform'), count: told(count, 'How many.', 12) });

export const campaignPlan = named(
  'CampaignPlan',
  z.object({
    asOf: told(timestamp, 'When it was made: what is issued since is not in the scope.'),
    hash: told(z.string(), 'What a start names, so that what is started is what was shown.', 'b94d27b9…'),
    total: told(count, 'How many certificates are in the scope.', 1234),
    teamCount: told(count, 'Of how many teams.', 14),
    teams: told(z.array(teamCount), 'The ten teams with the most of them.'),
    issuers: told(
      z.array(
        z.object({
          issuer: told(
            z.string().nullable(),
            'Short name of the issuer; null: none may sign them now, so that they wait.',
            'internal-ca-2',
          ),
          count: told(count, 'How many.', 1200),
        }),
      ),
      'Who will be asked for another one, as it is known now: by the first name of each zone.',
    ),
    requesterKeys: told(count, 'How many have a key that their requester keeps, who must act: install, or bring a CSR.', 3),
    others: told(count, 'How many are of teams that the asker is not in.', 1200),
    minutes: told(count, 'How long it takes at least at this pace.', 21),
    expiring: told(count, 'How many expire before the last one would be taken up.', 0),
    fourEyes: told(z.boolean(), 'It revokes so many of other teams that a second person has to start it.', false),
    warnings: told(z.array(z.string()), 'What somebody should know before.', ['3 certificates have a key that their requester keeps.']),
  }),
  'What a campaign would do.',
);
export type CampaignPlan = z.output<typeof campaignPlan>;

const progress = named(
  'CampaignProgress',
  z.object({
    planned: told(count, 'In its scope when it was planned.', 1234),
    takenUp: told(count, 'Taken up so far, each once.', 600),
    left: told(count, 'Not taken up yet; some of them may have ended meanwhile. Of one that was stopped: never taken up.', 634),
    skipped: told(count, 'Of one that has taken everything up: those that had ended before their turn.', 0),
    stages: told(
      z.array(z.object({ stage, count: told(count, 'How many of those taken up.', 580) })),
      'Of those taken up, how many are how far; a stage without any is left out.',
    ),
  }),
  'How far a campaign is, as the certificates themselves say.',
);

export const campaignRow = named(
  'CampaignRow',
  z.object({
    id,
    action,
    state,
    scope: campaignScope,
    reason: told(revocationReason.nullable(), 'Why it revokes; null where it replaces.', null),
    comment: told(z.string(), 'What happened.', 'The CA is distrusted from December on.'),
    pace: told(count, 'Certificates a minute at most.', 60),
    asOf: told(timestamp, 'What was issued since is not in its scope.'),
    planHash: told(z.string(), 'Of the plan that was shown.', 'b94d27b9…'),
    planned: told(count, 'How many certificates were in its scope.', 1234),
    fourEyes: told(z.boolean(), 'A second person has to start it.', false),
    by: told(z.string(), 'Who asked for it.', 'Ann Lee'),
    createdAt: told(timestamp, 'When they asked.'),
    startedBy: told(z.string().nullable(), 'Who started it; null where nobody did.', 'Ann Lee'),
    startedAt: told(timestamp.nullable(), 'When it was started.'),
    movedBy: told(z.string(), 'Who brought it into its state.', 'Ann Lee'),
    movedAt: told(timestamp, 'Since when it is in its state.'),
    takenUp: told(count, 'How many certificates it has taken up.', 600),
  }),
  'A campaign as it stands in lists.',
);
export type CampaignRow = z.output<typeof campaignRow>;

export const campaign = named(
  'Campaign',
  campaignRow.extend({
    progress,
    endsAt: told(timestamp.nullable(), 'When the last certificate would be taken up at this pace; null where nothing is taken up now.'),
    permissions: told(
      z.object({
        start: told(z.boolean(), 'To start it, where it waits for that.', false),
        pause: told(z.boolean(), 'To pause it.', true),
        resume: told(z.boolean(), 'To let it go on.', false),
        stop: told(z.boolean(), 'To stop it for good.', true),
      }),
      'What the asker may do with it now.',
    ),
  }),
  'A campaign with its progress.',
);
export type Campaign = z.output<typeof campaign>;
export const campaignPage = named('CampaignPage', pageOf(campaignRow), 'Campaigns, the newest first.');

export const campaignStart = named(
  'CampaignStart',
  z.strictObject({ id, planHash: told(z.string().max(64), 'Hash of the plan that was shown.', 'b94d27b9…') }),
  'That a second person starts a campaign.',
);
export const campaignPace = named(
  'CampaignPace',
  z.strictObject({ id, pace: told(paceRange, aboutPace, 60) }),
  'How fast a campaign goes from now on.',
);

export const campaignCertificatesQuery = z.strictObject({
  id,
  ...pageQuery,
  stage: told(stage.optional(), 'Only those that are so far.', 'failed'),
});
export const campaignCertificate = named(
  'CampaignCertificate',
  z.object({
    serial: told(z.string(), 'Its serial number, as hexadecimal digits.', '4F0C3A9D51'),
    hostname: told(z.string(), 'The name that it is for.', 'orders.dev.example.test'),
    endpointId: told(id, 'The endpoint that it was issued for.'),
    team: told(z.string(), 'Short name of the team.', 'order-platform'),
    stage: told(stage, 'How far it is.', 'replaced'),
    takenAt: told(timestamp, 'When it was taken up.'),
    message: told(z.string().nullable(), 'What is said of the work on it, where that is not done.', 'Ordered from Internal CA.'),
  }),
  'A certificate that a campaign has taken up.',
);
export type CampaignCertificate = z.output<typeof campaignCertificate>;
export const campaignCertificatePage = named(
  'CampaignCertificatePage',
  pageOf(campaignCertificate),
  'Certificates that a campaign has taken up, in no order that means anything.',
);
