'use client';
import type { CampaignRow } from '@hostmaster/core/contract/campaign';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { mayReview } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { grouped } from '@/lib/format/text';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { campaignTitle, scopeFacts, stateMarks, stateWords } from './campaign-words';

const columns: readonly Column<CampaignRow>[] = [
  {
    id: 'what',
    header: 'What',
    fixed: true,
    cell: (row) => (
      <Link href={`/campaigns/${row.id}`} className={rowLink}>
        {campaignTitle(row)}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    under: true,
    className: 'whitespace-nowrap',
    cell: (row) => (
      <Status state={stateMarks[row.state]} moving={row.state === 'running'}>
        {stateWords[row.state]}
      </Status>
    ),
  },
  {
    id: 'taken',
    header: 'Taken up',
    under: true,
    className: 'whitespace-nowrap tabular-nums',
    cell: (row) => `${grouped(row.takenUp)} of ${grouped(row.planned)}`,
  },
  {
    id: 'scope',
    header: 'Which',
    className: 'max-lg:hidden',
    cell: (row) =>
      scopeFacts(row.scope)
        .map(({ value }) => value)
        .join(', '),
  },
  { id: 'why', header: 'Why', className: 'max-md:hidden', cell: (row) => <span className="break-words text-ink-2">{row.comment}</span> },
  { id: 'by', header: 'Asked by', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.by },
  { id: 'at', header: 'Asked', className: 'max-md:hidden whitespace-nowrap', cell: (row) => <Time at={row.createdAt} /> },
];

export function CampaignList() {
  const me = useMe();
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.campaigns.list.queryOptions(asked), ...listQuery });
  const plan = mayReview(me) ? (
    <Button asChild look="primary">
      <Link href="/campaigns/new">Replace or revoke many</Link>
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader
        crumb={{ href: '/certificates', label: 'Certificates' }}
        title="Campaigns"
        sub={<p>Many certificates replaced, or revoked and replaced, as one: at a pace, and with an end in sight.</p>}
        actions={plan}
      />
      <PagedTable
        caption="Campaigns, the newest first"
        one="campaign"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        empty={
          <Empty title="No campaign yet" action={plan}>
            When a CA must no longer be trusted, or many keys are known to others, security or a platform admin has all of those
            certificates replaced or revoked here, at a pace that everybody keeps up with.
          </Empty>
        }
      />
    </>
  );
}
