import { Prefetch } from '@/app/(portal)/prefetch';
import { EnvironmentList } from '@/features/environment/environment-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Environments' };

export default function EnvironmentsPage() {
  return (
    <Prefetch queries={[trpc.environments.list.queryOptions({})]}>
      <EnvironmentList />
    </Prefetch>
  );
}
