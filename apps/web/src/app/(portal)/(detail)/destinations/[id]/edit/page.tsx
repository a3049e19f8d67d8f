import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { EditDestination } from '@/features/destination/destination-form';
import { needId } from '@/lib/path-parameter';
import { trpc, viewer } from '@/server/rsc';

type Props = PageProps<'/destinations/[id]/edit'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf(
    'Edit a destination',
    async (client) => `Edit ${(await client.fetchQuery(trpc.destinations.get.queryOptions({ id }))).slug}`,
  );
}

export default async function EditDestinationPage({ params }: Props) {
  const id = needId((await params).id);
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.destinations.get.queryOptions({ id }), trpc.destinations.kinds.queryOptions()]}>
      {asker !== null && isPlatform(asker) ? (
        <EditDestination id={id} />
      ) : (
        <>
          <PageHeader crumb={{ href: '/destinations', label: 'Destinations' }} title="Edit the destination" />
          <Card>
            <Empty title="Destinations are changed by platform admins">Ask one of them.</Empty>
          </Card>
        </>
      )}
    </Prefetch>
  );
}
