import { Prefetch } from '@/app/(portal)/prefetch';
import { PersonList } from '@/features/person/person-list';
import { pageOfTeams } from '@/lib/all-rows';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'People' };

export default function PeoplePage() {
  return (
    <Prefetch queries={[trpc.people.list.queryOptions({ order: 'asc' }), pageOfTeams(trpc)]}>
      <PersonList />
    </Prefetch>
  );
}
