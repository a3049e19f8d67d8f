import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { CampaignView } from '@/features/campaign/campaign-view';
import { campaignTitle } from '@/features/campaign/campaign-words';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/campaigns/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Campaign', async (client) => campaignTitle(await client.fetchQuery(trpc.campaigns.get.queryOptions({ id }))));
}

export default async function CampaignPage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.campaigns.get.queryOptions({ id }), trpc.campaigns.certificates.queryOptions({ id })]}>
      <CampaignView id={id} />
    </Prefetch>
  );
}
