import { Prefetch } from '@/app/(portal)/prefetch';
import { ExceptionList } from '@/features/exception/exception-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Exceptions' };

export default function ExceptionsPage() {
  return (
    <Prefetch queries={[trpc.exceptions.list.queryOptions({})]}>
      <ExceptionList />
    </Prefetch>
  );
}
