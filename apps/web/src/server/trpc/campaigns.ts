import {
  campaign,
  campaignCertificatePage,
  campaignCertificatesQuery,
  campaignDraft,
  campaignInput,
  campaignPace,
  campaignPage,
  campaignPlan,
  campaignStart,
} from '@hostmaster/core/contract/campaign';
import { listQuery } from '@hostmaster/core/contract/page';
import { getCampaign, listCampaignCertificates, listCampaigns } from '@hostmaster/usecases/campaign/list';
import { planCampaign } from '@hostmaster/usecases/campaign/plan';
import { startCampaign, startProposedCampaign } from '@hostmaster/usecases/campaign/start';
import { pauseCampaign, resumeCampaign, setCampaignPace, stopCampaign } from '@hostmaster/usecases/campaign/steer';
import { byId, procedure, router } from './init.ts';

const example = { action: 'replace', scope: { issuers: ['internal-ca-1'] } };

export const campaigns = router({
  list: procedure
    .meta({
      action: 'campaign.read',
      rest: { method: 'GET', path: '/campaigns', status: 200, summary: 'Campaigns that replace or revoke many certificates, newest first' },
    })
    .input(listQuery)
    .output(campaignPage)
    .query(({ ctx, input }) => listCampaigns(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'campaign.read',
      rest: { method: 'GET', path: '/campaigns/{id}', status: 200, summary: 'One campaign, and how far its certificates are' },
    })
    .input(byId)
    .output(campaign)
    .query(({ ctx, input }) => getCampaign(ctx.usecase, input)),
  certificates: procedure
    .meta({
      action: 'campaign.read',
      rest: {
        method: 'GET',
        path: '/campaigns/{id}/certificates',
        status: 200,
        summary: 'The certificates that a campaign has taken up, each with how far it is',
      },
    })
    .input(campaignCertificatesQuery)
    .output(campaignCertificatePage)
    .query(({ ctx, input }) => listCampaignCertificates(ctx.usecase, input)),
  plan: procedure
    .meta({
      action: 'campaign.run',
      rest: {
        method: 'POST',
        path: '/campaigns:plan',
        status: 200,
        summary: 'What a campaign would do; nothing is started',
        example,
      },
    })
    .input(campaignDraft)
    .output(campaignPlan)
    .query(({ ctx, input }) => planCampaign(ctx.usecase, input)),
  start: procedure
    .meta({
      action: 'campaign.run',
      refusals: ['plan-changed', 'conflict'],
      rest: {
        method: 'POST',
        path: '/campaigns',
        status: 201,
        summary: 'Start a campaign as it was planned',
        description: 'Where it revokes more than 100 certificates of teams that the asker is not in, it waits for a second person.',
        example: {
          ...example,
          comment: 'The CA is distrusted from December on.',
          asOf: '2026-11-20T14:02:31Z',
          planHash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
        },
        location: ({ id }) => `/api/v1/campaigns/${id}`,
      },
    })
    .input(campaignInput)
    .output(campaign)
    .mutation(({ ctx, input }) => startCampaign(ctx.usecase, input)),
  startProposed: procedure
    .meta({
      action: 'campaign.start',
      refusals: ['plan-changed', 'conflict', 'self-review'],
      rest: {
        method: 'POST',
        path: '/campaigns/{id}/start',
        status: 200,
        summary: 'Start a campaign that waits for a second person',
        example: { planHash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' },
      },
    })
    .input(campaignStart)
    .output(campaign)
    .mutation(({ ctx, input }) => startProposedCampaign(ctx.usecase, input)),
  pause: procedure
    .meta({
      action: 'campaign.run',
      refusals: ['conflict'],
      rest: { method: 'POST', path: '/campaigns/{id}/pause', status: 200, summary: 'Take nothing more up until it goes on' },
    })
    .input(byId)
    .output(campaign)
    .mutation(({ ctx, input }) => pauseCampaign(ctx.usecase, input)),
  resume: procedure
    .meta({
      action: 'campaign.run',
      refusals: ['conflict'],
      rest: { method: 'POST', path: '/campaigns/{id}/resume', status: 200, summary: 'Let a paused campaign go on' },
    })
    .input(byId)
    .output(campaign)
    .mutation(({ ctx, input }) => resumeCampaign(ctx.usecase, input)),
  stop: procedure
    .meta({
      action: 'campaign.run',
      refusals: ['conflict'],
      rest: {
        method: 'POST',
        path: '/campaigns/{id}/stop',
        status: 200,
        summary: 'Stop a campaign for good; what was taken up goes on',
      },
    })
    .input(byId)
    .output(campaign)
    .mutation(({ ctx, input }) => stopCampaign(ctx.usecase, input)),
  setPace: procedure
    .meta({
      action: 'campaign.run',
      refusals: ['conflict'],
      rest: { method: 'PUT', path: '/campaigns/{id}/pace', status: 200, summary: 'Change how fast a campaign goes', example: { pace: 60 } },
    })
    .input(campaignPace)
    .output(campaign)
    .mutation(({ ctx, input }) => setCampaignPace(ctx.usecase, input)),
});
