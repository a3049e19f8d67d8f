import { Prefetch } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { IssuerList } from '@/features/issuer/issuer-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Issuers' };

export default function IssuersPage() {
  return (
    <Prefetch queries={[trpc.issuers.list.queryOptions()]}>
      <PageHeader title="Issuers" sub={<p>Who signs certificates, for which names, and what to trust.</p>} />
      <IssuerList />
    </Prefetch>
  );
}
