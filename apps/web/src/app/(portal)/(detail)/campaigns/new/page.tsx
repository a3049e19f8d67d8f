import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { mayReview } from '@/features/account/roles';
import { CampaignForm } from '@/features/campaign/campaign-form';
import { loadCampaignSearch } from '@/features/campaign/campaign-search';
import { allIssuers, allTeams } from '@/lib/all-rows';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Replace or revoke many certificates' };

export default async function NewCampaignPage({ searchParams }: PageProps<'/campaigns/new'>) {
  const [asker, search] = await Promise.all([viewer(), loadCampaignSearch(searchParams)]);
  return (
    <Prefetch queries={[allIssuers(trpc), allTeams(trpc)]}>
      <PageHeader
        crumb={{ href: '/campaigns', label: 'Campaigns' }}
        title="Replace or revoke many certificates"
        sub={<p>What would be done is shown first; nothing is touched before it is started.</p>}
      />
      {asker !== null && mayReview(asker) ? (
        <CampaignForm search={search} />
      ) : (
        <Card>
          <Empty title="Campaigns are started by security and platform admins">
            Ask one of them. A certificate of your own team you revoke on its page.
          </Empty>
        </Card>
      )}
    </Prefetch>
  );
}
