import { Prefetch } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { IssuerList } from '@/features/issuer/issuer-list';
import { allIssuers } from '@/lib/all-rows';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Issuers' };

export default function IssuersPage() {
  return (
    <Prefetch queries={[trpc.issuers.list.queryOptions({}), allIssuers(trpc)]}>
      <PageHeader title="Issuers" sub={<p>Who signs certificates, for which names, and what to trust.</p>} />
      <IssuerList />
    </Prefetch>
  );
}
