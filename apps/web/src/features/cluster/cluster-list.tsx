'use client';
import type { ClusterRow } from '@hostmaster/core/contract/cluster';
import { useQuery } from '@tanstack/react-query';
import { Badge } from '@/components/ui/badge';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Labels } from '@/features/name/hostname';
import { grouped } from '@/lib/format/text';
import { usesText } from '@/lib/format/uses';
import { useSearchedPages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddCluster, ChangeCluster } from './cluster-form';

const columns: readonly Column<ClusterRow>[] = [
  { id: 'slug', header: 'Cluster', fixed: true, cell: (row) => <b className="font-[560]">{row.slug}</b> },
  {
    id: 'hostname',
    header: 'Reached at',
    under: true,
    cell: (row) => (
      <span className="name text-xs">
        <Labels text={row.hostname} />
      </span>
    ),
  },
  {
    id: 'takes',
    header: 'Takes',
    under: true,
    cell: (row) => (
      <span className="flex flex-wrap gap-1">
        <Badge>{row.environment}</Badge>
        <Badge>{row.public ? 'public traffic' : 'no public traffic'}</Badge>
        {row.destination && <Badge>certificates to {row.destination}</Badge>}
      </span>
    ),
  },
  {
    id: 'uses',
    header: 'Used by',
    under: true,
    cell: (row) => usesText(row.uses) ?? <span className="text-ink-3">not used yet</span>,
  },
  {
    id: 'certificates',
    header: 'Certificates',
    className: 'whitespace-nowrap text-right tabular-nums max-md:hidden',
    cell: ({ certificates, certificateLimit: limit }) => (
      <>
        {grouped(certificates)} <span className="text-ink-3">{limit === null ? 'of any number' : `of ${grouped(limit)}`}</span>
      </>
    ),
  },
];

const changeColumn: Column<ClusterRow> = {
  id: 'change',
  header: 'Change',
  quiet: true,
  fixed: true,
  className: 'whitespace-nowrap text-right',
  cell: (row) => (
    <span className="flex items-end justify-end max-sm:flex-col">
      <ChangeCluster cluster={row} />
      <Remove cluster={row} />
    </span>
  ),
};

const columnsOfPlatform = [...columns, changeColumn];

export function ClusterList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging, field, narrowed } = useSearchedPages();
  const query = useQuery({ ...trpc.clusters.list.queryOptions(asked), ...listQuery });
  const add = platform ? <AddCluster /> : undefined;
  return (
    <>
      <PageHeader title="Clusters" sub={<p>What names can lead to without anybody knowing an address.</p>} actions={add} />
      <PagedTable
        caption="Clusters"
        one="cluster"
        columns={platform ? columnsOfPlatform : columns}
        rowKey={(row) => row.slug}
        query={query}
        paging={paging}
        filters={<TextFilter label="Filter by name or hostname" placeholder="Filter clusters…" {...field} />}
        narrowed={narrowed('No cluster is like that')}
        empty={
          <Empty title="No cluster is known" action={add}>
            A team that asks for a name then chooses its cluster from a list, and the name becomes an alias (CNAME) of it.
          </Empty>
        }
      />
    </>
  );
}

function Remove({ cluster: { slug } }: { cluster: ClusterRow }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="cluster"
      which={`the cluster ${slug}`}
      title={`Remove ${slug}?`}
      description="Nobody can choose it any more. While a name leads to it, it stays."
      options={trpc.clusters.remove.mutationOptions()}
      input={{ slug }}
      shownBy={[trpc.clusters.pathFilter(), trpc.account.me.queryFilter()]}
      done={`The cluster ${slug} is gone.`}
    />
  );
}
