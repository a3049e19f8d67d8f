import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { ZoneForm } from '@/features/zone/zone-form';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Connect a zone' };

export default async function NewZonePage() {
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.teams.list.queryOptions()]}>
      <PageHeader
        crumb={{ href: '/zones', label: 'Zones' }}
        title="Connect a zone"
        sub={<p>A name server that takes dynamic updates (RFC 2136): BIND, Knot, PowerDNS.</p>}
      />
      {asker !== null && isPlatform(asker) ? (
        <ZoneForm />
      ) : (
        <Card>
          <Empty title="Zones are connected by platform admins">Ask one of them; they need the server’s address and a TSIG key.</Empty>
        </Card>
      )}
    </Prefetch>
  );
}
