import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { ZoneForm } from '@/features/zone/zone-form';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Connect a zone' };

export default async function NewZonePage() {
  const platform = (await viewer())?.roles.includes('platform-admin') ?? false;
  return (
    <Prefetch queries={[trpc.teams.list.queryOptions()]}>
      <PageHeader
        crumb={{ href: '/zones', label: 'Zones' }}
        title="Connect a zone"
        sub={<p>A name server that takes dynamic updates (RFC 2136): BIND, Knot, PowerDNS.</p>}
      />
      {platform ? (
        <ZoneForm />
      ) : (
        <Card>
          <Empty title="Zones are connected by platform admins">Ask one of them; they need the server’s address and a TSIG key.</Empty>
        </Card>
      )}
    </Prefetch>
  );
}
