import { Prefetch } from '@/app/(portal)/prefetch';
import { DestinationList } from '@/features/destination/destination-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Destinations' };

export default function DestinationsPage() {
  return (
    <Prefetch queries={[trpc.destinations.list.queryOptions({}), trpc.destinations.kinds.queryOptions()]}>
      <DestinationList />
    </Prefetch>
  );
}
