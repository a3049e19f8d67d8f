import { Prefetch } from '@/app/(portal)/prefetch';
import { ScopeList } from '@/features/discovery/scope-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Where is looked' };

export default function DiscoveryScopesPage() {
  return (
    <Prefetch queries={[trpc.discovery.scopes.queryOptions({})]}>
      <ScopeList />
    </Prefetch>
  );
}
