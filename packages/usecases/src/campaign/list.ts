import type { Campaign, campaignCertificatePage, campaignCertificatesQuery, campaignPage } from '@hostmaster/core/contract/campaign';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import { takenPage } from '@hostmaster/db/campaign-progress';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { timestampOf } from '../timestamp.ts';
import { actionOf, noCampaign, presentCampaignRow, readCampaign } from './present.ts';

const place = 'campaigns-made';
const placeOfCertificates = 'campaign-certificates';

/** Campaigns, the newest first. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listCampaigns(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof campaignPage>> {
  authorize(ctx.actor, 'campaign.read');
  const after = decodeCursor(place, [positions.time, positions.id], cursor);
  const [read, counted] = await Promise.all([
    ctx.db.campaign.findMany({
      where:
        after === null ? {} : { OR: [{ createdAt: { lt: new Date(after[0]) } }, { createdAt: new Date(after[0]), id: { gt: after[1] } }] },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take: limit + 1,
      include: { _count: { select: { certificates: true } } },
    }),
    ctx.db.campaign.count({ take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ createdAt, id }) => encodeCursor(place, [timestampOf(createdAt), id]));
  return { rows: page.map((row) => presentCampaignRow(row, row._count.certificates)), nextCursor, total: totalOf(counted) };
}

/** One with its progress. Errors: forbidden, not-found. */
export async function getCampaign(ctx: Ctx, { id }: { readonly id: string }): Promise<Campaign> {
  authorize(ctx.actor, 'campaign.read');
  return readCampaign(ctx, ctx.db, id);
}

/** What it has taken up. Errors: forbidden, not-found, invalid-input (a foreign cursor). */
export async function listCampaignCertificates(
  ctx: Ctx,
  { id, stage, cursor, limit }: z.output<typeof campaignCertificatesQuery>,
): Promise<z.output<typeof campaignCertificatePage>> {
  authorize(ctx.actor, 'campaign.read');
  const campaign = await ctx.db.campaign.findUnique({ where: { id }, select: { id: true, action: true } });
  if (campaign === null) throw noCampaign(id);
  const after = decodeCursor(placeOfCertificates, [positions.id], cursor);
  const from = { stage, after: after?.[0] ?? null, limit: limit + 1, now: ctx.clock.now() };
  const read = await takenPage(ctx.db, { id, action: actionOf(campaign) }, from);
  const { page, nextCursor } = pageOf(read, limit, ({ certificateId }) => encodeCursor(placeOfCertificates, [certificateId]));
  return {
    rows: page.map(({ certificateId: _, takenAt, ...row }) => ({ ...row, takenAt: timestampOf(takenAt) })),
    nextCursor,
    // How many there are of each stage, the campaign says.
    total: null,
  };
}
