import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { IssuerForm } from '@/features/issuer/issuer-form';
import { issuerKinds } from '@/server/container';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Connect an issuer' };

export default async function NewIssuerPage() {
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.zones.list.queryOptions({ limit: 1 }), trpc.issuers.kinds.queryOptions()]}>
      <PageHeader
        crumb={{ href: '/issuers', label: 'Issuers' }}
        title="Connect an issuer"
        sub={<p>A CA that others run: {[...issuerKinds.values()].map(({ label }) => label).join(', ')}.</p>}
      />
      {asker !== null && isPlatform(asker) ? (
        <IssuerForm />
      ) : (
        <Card>
          <Empty title="Issuers are connected by platform admins">
            Ask one of them; they need to know the address of the CA, and for which names it may sign.
          </Empty>
        </Card>
      )}
    </Prefetch>
  );
}
