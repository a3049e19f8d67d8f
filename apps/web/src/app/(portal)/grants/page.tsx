import { GrantList } from '@/features/grant/grant-list';
import { Prefetch } from '@/features/shell/prefetch';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Grants' };

export default function GrantsPage() {
  return (
    <Prefetch queries={[trpc.grants.list.queryOptions({}), trpc.teams.list.queryOptions()]}>
      <GrantList />
    </Prefetch>
  );
}
