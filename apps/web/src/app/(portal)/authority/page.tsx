import { Prefetch } from '@/app/(portal)/prefetch';
import { Authority } from '@/features/authority/authority';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Internal CA' };

export default function AuthorityPage() {
  return (
    <Prefetch queries={[trpc.authority.get.queryOptions()]}>
      <Authority />
    </Prefetch>
  );
}
