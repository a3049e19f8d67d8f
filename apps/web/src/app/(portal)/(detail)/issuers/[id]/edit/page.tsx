import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { EditIssuer } from '@/features/issuer/edit-issuer';
import { needId } from '@/lib/path-parameter';
import { trpc, viewer } from '@/server/rsc';

type Props = PageProps<'/issuers/[id]/edit'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Edit an issuer', async (client) => `Edit ${(await client.fetchQuery(trpc.issuers.get.queryOptions({ id }))).name}`);
}

export default async function EditIssuerPage({ params }: Props) {
  const id = needId((await params).id);
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.issuers.get.queryOptions({ id }), trpc.issuers.kinds.queryOptions()]}>
      {asker !== null && isPlatform(asker) ? (
        <EditIssuer id={id} />
      ) : (
        <>
          <PageHeader crumb={{ href: '/issuers', label: 'Issuers' }} title="Edit the issuer" />
          <Card>
            <Empty title="Issuers are changed by platform admins">Ask one of them.</Empty>
          </Card>
        </>
      )}
    </Prefetch>
  );
}
