import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { PersonView } from '@/features/person/person-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/people/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Person', async (client) => (await client.fetchQuery(trpc.people.get.queryOptions({ id }))).name);
}

export default async function PersonPage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.people.get.queryOptions({ id })]}>
      <PersonView id={id} />
    </Prefetch>
  );
}
