import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { TeamView } from '@/features/team/team-view';
import { needSlug } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/teams/[slug]'>;

export async function generateMetadata({ params }: Props) {
  const slug = needSlug((await params).slug);
  return titleOf('Team', async (client) => (await client.fetchQuery(trpc.teams.get.queryOptions({ slug }))).name);
}

export default async function TeamPage({ params }: Props) {
  const slug = needSlug((await params).slug);
  return (
    <Prefetch queries={[trpc.teams.get.queryOptions({ slug })]}>
      <TeamView slug={slug} />
    </Prefetch>
  );
}
