import { Prefetch } from '@/app/(portal)/prefetch';
import { TeamList } from '@/features/team/team-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Teams' };

export default function TeamsPage() {
  return (
    <Prefetch queries={[trpc.teams.list.queryOptions({})]}>
      <TeamList />
    </Prefetch>
  );
}
