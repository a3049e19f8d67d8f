import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { ZoneForm } from '@/features/zone/zone-form';
import { allTeams } from '@/lib/all-rows';
import { dnsProviderKinds } from '@/server/container';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Connect a zone' };

export default async function NewZonePage() {
  const asker = await viewer();
  return (
    <Prefetch queries={[allTeams(trpc), trpc.zones.providers.queryOptions()]}>
      <PageHeader
        crumb={{ href: '/zones', label: 'Zones' }}
        title="Connect a zone"
        sub={<p>{[...dnsProviderKinds.values()].map(({ summary }) => summary).join(' ')}</p>}
      />
      {asker !== null && isPlatform(asker) ? (
        <ZoneForm />
      ) : (
        <Card>
          <Empty title="Zones are connected by platform admins">
            Ask one of them; they need to know where it is kept, and a key that may change it.
          </Empty>
        </Card>
      )}
    </Prefetch>
  );
}
