import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { DestinationForm } from '@/features/destination/destination-form';
import { destinationKinds } from '@/server/container';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Connect a destination' };

export default async function NewDestinationPage() {
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.destinations.kinds.queryOptions()]}>
      <PageHeader
        crumb={{ href: '/destinations', label: 'Destinations' }}
        title="Connect a destination"
        sub={<p>Where certificates and their keys are put: {[...destinationKinds.values()].map(({ label }) => label).join(', ')}.</p>}
      />
      {asker !== null && isPlatform(asker) ? (
        <DestinationForm />
      ) : (
        <Card>
          <Empty title="Destinations are connected by platform admins">
            Ask one of them; they need to know the address of the cluster, and a token for it.
          </Empty>
        </Card>
      )}
    </Prefetch>
  );
}
