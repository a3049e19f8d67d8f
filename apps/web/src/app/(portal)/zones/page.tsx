import { Prefetch } from '@/app/(portal)/prefetch';
import { ZoneList } from '@/features/zone/zone-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Zones' };

export default function ZonesPage() {
  return (
    <Prefetch queries={[trpc.zones.list.queryOptions({})]}>
      <ZoneList />
    </Prefetch>
  );
}
