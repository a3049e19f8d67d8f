import { Prefetch } from '@/app/(portal)/prefetch';
import { AccountView } from '@/features/account/account-view';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Your account' };

export default function AccountPage() {
  return (
    <Prefetch queries={[trpc.account.sessions.queryOptions()]}>
      <AccountView />
    </Prefetch>
  );
}
