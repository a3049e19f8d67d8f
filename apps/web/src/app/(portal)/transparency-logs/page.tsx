import { Prefetch } from '@/app/(portal)/prefetch';
import { LogList } from '@/features/discovery/log-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Logs that are read' };

export default function TransparencyLogsPage() {
  return (
    <Prefetch queries={[trpc.discovery.logs.queryOptions({})]}>
      <LogList />
    </Prefetch>
  );
}
