import { Prefetch } from '@/app/(portal)/prefetch';
import { TokenList } from '@/features/token/token-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Tokens' };

export default function TokensPage() {
  return (
    <Prefetch queries={[trpc.tokens.list.queryOptions({})]}>
      <TokenList />
    </Prefetch>
  );
}
