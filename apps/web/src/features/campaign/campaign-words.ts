// What campaigns and their states are called.
import type { CampaignStage } from '@hostmaster/core/campaign/stage';
import type { CampaignAction, CampaignState } from '@hostmaster/core/campaign/state';
import type { CampaignRow, CampaignScope } from '@hostmaster/core/contract/campaign';
import type { MarkState } from '@/components/ui/mark';
import { brief, grouped, keyWords, plural } from '@/lib/format/text';
import { date } from '@/lib/format/time';

export const actionWords = { replace: 'Replace', revoke: 'Revoke' } satisfies Record<CampaignAction, string>;

export const campaignTitle = ({ action, planned }: Pick<CampaignRow, 'action' | 'planned'>): string =>
  `${actionWords[action]} ${plural(planned, 'certificate')}`;

export const stateWords = {
  proposed: 'Waits for a second person',
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  finished: 'Finished',
} satisfies Record<CampaignState, string>;
export const stateMarks = {
  proposed: 'wait',
  running: 'wait',
  paused: 'none',
  stopped: 'none',
  finished: 'ok',
} satisfies Record<CampaignState, MarkState>;

export const stageNames = {
  'under-way': 'Under way',
  'held-up': 'Held up',
  issued: 'Issued, not seen yet',
  waiting: 'Wait for their requester',
  failed: 'Failed',
  replaced: 'Replaced',
  revoked: 'Revoked',
  ended: 'Ended meanwhile',
} satisfies Record<CampaignStage, string>;
export const stageMarks = {
  'under-way': 'wait',
  'held-up': 'bad',
  issued: 'wait',
  waiting: 'wait',
  failed: 'bad',
  replaced: 'ok',
  revoked: 'ok',
  ended: 'none',
} satisfies Record<CampaignStage, MarkState>;

/** Which certificates, each restriction as a name and a value. */
export function scopeFacts(scope: CampaignScope): { name: string; value: string }[] {
  const { issuers, keyAlgorithm, team, environment, suffix, issuedAfter, issuedBefore, serials } = scope;
  return [
    ...(issuers === undefined ? [] : [{ name: 'Issuer', value: issuers.join(', ') }]),
    ...(keyAlgorithm === undefined ? [] : [{ name: 'Key', value: keyWords(keyAlgorithm) }]),
    ...(team === undefined ? [] : [{ name: 'Team', value: team }]),
    ...(environment === undefined ? [] : [{ name: 'Environment', value: environment }]),
    ...(suffix === undefined ? [] : [{ name: 'Names', value: `${suffix} and below` }]),
    ...(issuedAfter === undefined ? [] : [{ name: 'Issued from', value: date(issuedAfter) }]),
    ...(issuedBefore === undefined ? [] : [{ name: 'Issued before', value: date(issuedBefore) }]),
    ...(serials === undefined
      ? []
      : [
          {
            name: 'Serials',
            value: serials.length > 3 ? `${grouped(serials.length)} serials` : serials.map((serial) => brief(serial)).join(', '),
          },
        ]),
  ];
}
