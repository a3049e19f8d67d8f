import { Prefetch } from '@/app/(portal)/prefetch';
import { HomeView } from '@/features/home/home-view';
import { recentEndpoints, recentRequests } from '@/features/home/recent-input';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Home' };

/** What needs the viewer was read by the layout already: the rail counts the same. */
export default async function HomePage() {
  const mine = ((await viewer())?.roles ?? []).length === 0;
  return (
    <Prefetch queries={[trpc.endpoints.list.queryOptions(recentEndpoints(mine)), trpc.requests.list.queryOptions(recentRequests(mine))]}>
      <HomeView />
    </Prefetch>
  );
}
