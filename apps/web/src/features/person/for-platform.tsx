import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';

/** In the place of people, for whoever does not manage them. */
export const ForPlatform = () => (
  <>
    <PageHeader title="People" />
    <Empty title="People are for platform admins">Who is in a team, everybody sees on the page of the team.</Empty>
  </>
);
