import { Prefetch } from '@/app/(portal)/prefetch';
import { CampaignList } from '@/features/campaign/campaign-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Campaigns' };

export default function CampaignsPage() {
  return (
    <Prefetch queries={[trpc.campaigns.list.queryOptions({})]}>
      <CampaignList />
    </Prefetch>
  );
}
