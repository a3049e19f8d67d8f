'use client';
import type { EnvironmentRow } from '@hostmaster/core/contract/environment';
import { useQuery } from '@tanstack/react-query';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { usesText } from '@/lib/format/uses';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddEnvironment, ChangeEnvironment } from './environment-form';

const columns: readonly Column<EnvironmentRow>[] = [
  {
    id: 'name',
    header: 'Environment',
    fixed: true,
    cell: (row) => (
      <span>
        <b className="font-[560]">{row.name}</b> <span className="data text-ink-3">{row.slug}</span>
      </span>
    ),
  },
  {
    id: 'uses',
    header: 'Used by',
    under: true,
    cell: (row) => usesText(row.uses) ?? <span className="text-ink-3">not used yet</span>,
  },
  { id: 'rank', header: 'Place', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => row.rank },
];

const changeColumn: Column<EnvironmentRow> = {
  id: 'change',
  header: 'Change',
  quiet: true,
  fixed: true,
  className: 'whitespace-nowrap text-right',
  cell: (row) => (
    <span className="flex items-end justify-end max-sm:flex-col">
      <ChangeEnvironment environment={row} />
      <Remove environment={row} />
    </span>
  ),
};

const columnsOfPlatform = [...columns, changeColumn];

export function EnvironmentList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.environments.list.queryOptions(asked), ...listQuery });
  const add = platform ? <AddEnvironment /> : undefined;
  return (
    <>
      <PageHeader title="Environments" sub={<p>The stages that names, grants, zones and clusters belong to.</p>} actions={add} />
      <PagedTable
        caption="Environments"
        one="environment"
        columns={platform ? columnsOfPlatform : columns}
        rowKey={(row) => row.slug}
        query={query}
        paging={paging}
        empty={
          <Empty title="There is no environment" action={add}>
            Grants name the environments in which a team may claim names; without one nobody can be granted anything.
          </Empty>
        }
      />
    </>
  );
}

function Remove({ environment: { slug, name } }: { environment: EnvironmentRow }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="environment"
      which={`the environment ${name}`}
      title={`Remove ${name}?`}
      description="Nobody can choose it any more. While anything uses it, it stays."
      options={trpc.environments.remove.mutationOptions()}
      input={{ slug }}
      shownBy={[trpc.environments.pathFilter(), trpc.account.me.queryFilter()]}
      done={`The environment ${name} is gone.`}
    />
  );
}
