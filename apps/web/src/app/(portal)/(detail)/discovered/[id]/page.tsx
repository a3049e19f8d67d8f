import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { DiscoveredView } from '@/features/discovery/discovered-view';
import { nameOf } from '@/features/discovery/words';
import { allIssuers } from '@/lib/all-rows';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/discovered/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Discovered', async (client) => nameOf(await client.fetchQuery(trpc.discovery.get.queryOptions({ id }))));
}

export default async function DiscoveredCertificatePage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.discovery.get.queryOptions({ id }), allIssuers(trpc)]}>
      <DiscoveredView id={id} />
    </Prefetch>
  );
}
