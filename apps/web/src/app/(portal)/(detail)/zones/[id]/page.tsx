import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { ZoneView } from '@/features/zone/zone-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/zones/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Zone', async (client) => (await client.fetchQuery(trpc.zones.get.queryOptions({ id }))).apex);
}

export default async function ZonePage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch
      queries={[trpc.zones.get.queryOptions({ id }), trpc.zones.recordSets.queryOptions({ id }), trpc.zones.providers.queryOptions()]}
    >
      <ZoneView id={id} />
    </Prefetch>
  );
}
