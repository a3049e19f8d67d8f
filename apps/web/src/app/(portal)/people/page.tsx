import { Prefetch } from '@/app/(portal)/prefetch';
import { isPlatform } from '@/features/account/roles';
import { ForPlatform } from '@/features/person/for-platform';
import { PersonList } from '@/features/person/person-list';
import { allTeams } from '@/lib/all-rows';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'People' };

export default async function PeoplePage() {
  const asker = await viewer();
  // Nothing is asked for whoever would be refused: a refusal is an event of the audit trail.
  if (asker === null || !isPlatform(asker)) return <ForPlatform />;
  return (
    <Prefetch queries={[trpc.people.list.queryOptions({ order: 'asc' }), allTeams(trpc)]}>
      <PersonList />
    </Prefetch>
  );
}
