import { Prefetch } from '@/app/(portal)/prefetch';
import { GrantList } from '@/features/grant/grant-list';
import { allTeams } from '@/lib/all-rows';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Grants' };

export default function GrantsPage() {
  return (
    <Prefetch queries={[trpc.grants.list.queryOptions({ order: 'asc' }), allTeams(trpc)]}>
      <GrantList />
    </Prefetch>
  );
}
