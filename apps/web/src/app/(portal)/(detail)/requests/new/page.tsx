import type { Metadata } from 'next';
import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { AgainForm } from '@/features/request/again-form';
import { againTitle } from '@/features/request/again-title';
import { ChangeForm, RestoreForm } from '@/features/request/change-form';
import { RequestForm } from '@/features/request/request-form';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/requests/new'>;

/**
 * `?hostname=` begins with a name, `?again=<request>` with what was asked before, `?restore=<endpoint>` with what a name was
 * before it was let go, `?change=<endpoint>` with the contract of a live one, `&revision=` with an earlier one.
 */
async function beginningOf({ searchParams }: Props) {
  const { hostname, again, restore, change, revision } = await searchParams;
  return {
    again: idOf(again),
    restore: idOf(restore),
    change: idOf(change),
    revision: typeof revision === 'string' && /^[1-9]\d{0,8}$/.test(revision) ? Number(revision) : null,
    hostname: typeof hostname === 'string' ? hostname.slice(0, 253) : null,
  };
}

/** null where nothing is named; what could be no id leads to nothing, and not to an empty form. */
const idOf = (given: string | string[] | undefined): string | null => (given === undefined ? null : needId(String(given)));

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { again, restore, change } = await beginningOf(props);
  if (change)
    return titleOf('Change a name', async (client) => {
      const { unicode } = await client.fetchQuery(trpc.endpoints.get.queryOptions({ id: change }));
      return `Change ${unicode}`;
    });
  if (restore)
    return titleOf('Ask for it again', async (client) => {
      const { unicode } = await client.fetchQuery(trpc.endpoints.get.queryOptions({ id: restore }));
      return `Ask for ${unicode} again`;
    });
  if (again)
    return titleOf('Ask again', async (client) => {
      return againTitle(await client.fetchQuery(trpc.requests.get.queryOptions({ id: again })));
    });
  return { title: 'Request a name' };
}

export default async function NewRequestPage(props: Props) {
  const { hostname, again, restore, change, revision } = await beginningOf(props);
  if (change)
    return (
      <Prefetch queries={[trpc.endpoints.get.queryOptions({ id: change }), trpc.endpoints.revisions.queryOptions({ id: change })]}>
        <ChangeForm endpointId={change} revision={revision} />
      </Prefetch>
    );
  if (restore)
    return (
      <Prefetch queries={[trpc.endpoints.get.queryOptions({ id: restore })]}>
        <PageHeader crumb={{ href: `/endpoints/${restore}`, label: 'Endpoint' }} title="Ask for it again" />
        <RestoreForm endpointId={restore} />
      </Prefetch>
    );
  if (again)
    return (
      <Prefetch queries={[trpc.requests.get.queryOptions({ id: again })]}>
        <AgainForm requestId={again} />
      </Prefetch>
    );
  // Whether anybody can ask for a name at all was read by the layout already.
  return (
    <>
      <PageHeader crumb={{ href: '/requests', label: 'Requests' }} title="Request a name" />
      <RequestForm {...(hostname === null ? {} : { hostname })} />
    </>
  );
}
