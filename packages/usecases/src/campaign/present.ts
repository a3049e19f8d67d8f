import { minutesFor } from '@hostmaster/core/campaign/pace';
import { type CampaignAction, type CampaignState, campaignActions, campaignMachine, campaignStates } from '@hostmaster/core/campaign/state';
import { type Campaign, type CampaignRow, campaignScope } from '@hostmaster/core/contract/campaign';
import { revocationReason } from '@hostmaster/core/contract/certificate';
import { minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Actor, may } from '@hostmaster/core/policy/authorize';
import { countStages } from '@hostmaster/db/campaign-progress';
import type { Db, Reader } from '@hostmaster/db/client';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { answeringOf } from '../request/asker.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

export type StoredCampaign = NonNullable<Awaited<ReturnType<Db['campaign']['findUnique']>>>;

const words = { action: z.enum(campaignActions), state: z.enum(campaignStates) };
export const actionOf = ({ action }: { readonly action: string }): CampaignAction => readStored(words.action, action, 'campaign.action');
export const stateOf = ({ state }: { readonly state: string }): CampaignState => readStored(words.state, state, 'campaign.state');
export const scopeOf = ({ scope }: { readonly scope: unknown }) => readStored(campaignScope, scope, 'campaign.scope');
export const reasonOf = ({ reason }: { readonly reason: string | null }) =>
  readStored(revocationReason.nullable(), reason, 'campaign.reason');

/** As people know it, in the audit trail. */
export const campaignName = ({ action, planned }: { readonly action: string; readonly planned: number }): string =>
  `${action} ${planned} certificate${planned === 1 ? '' : 's'}`;

/** @param takenUp how many certificates it has taken up */
export const presentCampaignRow = (row: StoredCampaign, takenUp: number): CampaignRow => ({
  id: row.id,
  action: actionOf(row),
  state: stateOf(row),
  scope: scopeOf(row),
  reason: reasonOf(row),
  comment: row.comment,
  pace: row.pace,
  asOf: timestampOf(row.asOf),
  planHash: row.planHash,
  planned: row.planned,
  fourEyes: row.fourEyes,
  by: row.askerName,
  createdAt: timestampOf(row.createdAt),
  startedBy: row.starterName,
  startedAt: timestampOrNull(row.startedAt),
  movedBy: row.movedBy,
  movedAt: timestampOf(row.movedAt),
  takenUp,
});

export const noCampaign = (id: string): HostmasterError => new HostmasterError('not-found', `There is no campaign ${id}.`);

/** One with its progress. Errors: not-found. */
export async function readCampaign({ actor, clock }: Pick<Ctx, 'actor' | 'clock'>, db: Reader, id: string): Promise<Campaign> {
  const row = await db.campaign.findUnique({ where: { id } });
  if (row === null) throw noCampaign(id);
  const now = clock.now();
  const stages = await countStages(db, { id, action: actionOf(row) }, now);
  const takenUp = stages.reduce((all, { count }) => all + count, 0);
  const state = stateOf(row);
  const rest = Math.max(0, row.planned - takenUp);
  const left = state === 'finished' ? 0 : rest;
  return {
    ...presentCampaignRow(row, takenUp),
    progress: { planned: row.planned, takenUp, left, skipped: state === 'finished' ? rest : 0, stages },
    endsAt: state === 'running' && left > 0 ? timestampOf(new Date(now.getTime() + minutesFor(left, row.pace) * minute)) : null,
    permissions: permissionsOf(actor, row),
  };
}

/** What the asker may do with it, and it can do. */
function permissionsOf(actor: Actor, row: StoredCampaign): Campaign['permissions'] {
  const can = (event: 'start' | 'pause' | 'resume' | 'stop') =>
    campaignMachine.next(stateOf(row), event) !== null &&
    (event === 'start' ? may(actor, 'campaign.start', { answering: answeringOf(row) }) : may(actor, 'campaign.run'));
  return { start: can('start'), pause: can('pause'), resume: can('resume'), stop: can('stop') };
}
