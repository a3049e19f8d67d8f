import { Prefetch } from '@/app/(portal)/prefetch';
import { PersonList } from '@/features/person/person-list';
import { allTeams } from '@/lib/all-rows';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'People' };

export default function PeoplePage() {
  return (
    <Prefetch queries={[trpc.people.list.queryOptions({ order: 'asc' }), allTeams(trpc)]}>
      <PersonList />
    </Prefetch>
  );
}
