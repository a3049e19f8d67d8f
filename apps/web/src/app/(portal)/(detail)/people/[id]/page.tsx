import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { isPlatform } from '@/features/account/roles';
import { ForPlatform } from '@/features/person/for-platform';
import { PersonView } from '@/features/person/person-view';
import { needId } from '@/lib/path-parameter';
import { trpc, viewer } from '@/server/rsc';

type Props = PageProps<'/people/[id]'>;

async function managesPeople(): Promise<boolean> {
  const asker = await viewer();
  return asker !== null && isPlatform(asker);
}

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  if (!(await managesPeople())) return { title: 'Person' };
  return titleOf('Person', async (client) => (await client.fetchQuery(trpc.people.get.queryOptions({ id }))).name);
}

export default async function PersonPage({ params }: Props) {
  const id = needId((await params).id);
  if (!(await managesPeople())) return <ForPlatform />;
  return (
    <Prefetch queries={[trpc.people.get.queryOptions({ id })]}>
      <PersonView id={id} />
    </Prefetch>
  );
}
