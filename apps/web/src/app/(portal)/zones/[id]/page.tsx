import { Prefetch } from '@/app/(portal)/prefetch';
import { ZoneView } from '@/features/zone/zone-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Zone' };

export default async function ZonePage({ params }: PageProps<'/zones/[id]'>) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.zones.get.queryOptions({ id })]}>
      <ZoneView id={id} />
    </Prefetch>
  );
}
