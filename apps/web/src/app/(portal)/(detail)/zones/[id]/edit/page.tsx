import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { EditZone } from '@/features/zone/edit-zone';
import { allTeams } from '@/lib/all-rows';
import { needId } from '@/lib/path-parameter';
import { trpc, viewer } from '@/server/rsc';

type Props = PageProps<'/zones/[id]/edit'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Edit a zone', async (client) => `Edit ${(await client.fetchQuery(trpc.zones.get.queryOptions({ id }))).apex}`);
}

export default async function EditZonePage({ params }: Props) {
  const id = needId((await params).id);
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.zones.get.queryOptions({ id }), allTeams(trpc), trpc.zones.providers.queryOptions()]}>
      {asker !== null && isPlatform(asker) ? (
        <EditZone id={id} />
      ) : (
        <>
          <PageHeader crumb={{ href: `/zones/${id}`, label: 'Zone' }} title="Edit the zone" />
          <Card>
            <Empty title="Zones are changed by platform admins">Ask one of them.</Empty>
          </Card>
        </>
      )}
    </Prefetch>
  );
}
