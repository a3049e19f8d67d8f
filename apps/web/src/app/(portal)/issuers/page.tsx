import { Prefetch } from '@/app/(portal)/prefetch';
import { IssuerList } from '@/features/issuer/issuer-list';
import { allIssuers } from '@/lib/all-rows';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Issuers' };

export default function IssuersPage() {
  return (
    <Prefetch queries={[trpc.issuers.list.queryOptions({}), trpc.issuers.kinds.queryOptions(), allIssuers(trpc)]}>
      <IssuerList />
    </Prefetch>
  );
}
