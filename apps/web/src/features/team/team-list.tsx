'use client';
import type { teamRow } from '@hostmaster/core/contract/governance';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { Link, TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { grouped } from '@/lib/format/text';
import { useSearchedPages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddTeam } from './add-team';

type Team = z.output<typeof teamRow>;

const columns: readonly Column<Team>[] = [
  {
    id: 'team',
    header: 'Team',
    fixed: true,
    cell: (row) => (
      <span>
        <Link href={`/teams/${row.slug}`} className={`${rowLink} font-[560]`}>
          {row.name}
        </Link>{' '}
        <span className="data text-ink-3">{row.slug}</span>
      </span>
    ),
  },
  {
    id: 'members',
    header: 'Members',
    under: true,
    cell: (row) =>
      row.members.length === 0 ? (
        <span className="text-ink-3">nobody yet</span>
      ) : (
        row.members.map((member, index) => (
          <span key={member.name}>
            {index > 0 && ', '}
            {member.name}
            {member.role === 'maintainer' && <span className="text-ink-3"> maintainer</span>}
          </span>
        ))
      ),
  },
  {
    id: 'grants',
    header: 'Grants',
    className: 'whitespace-nowrap text-right',
    cell: (row) => (
      <TextLink className="relative" href={{ pathname: '/grants', query: { team: row.slug } }}>
        {grouped(row.grantCount)}
      </TextLink>
    ),
  },
  {
    id: 'endpoints',
    header: 'Endpoints',
    className: 'whitespace-nowrap text-right',
    cell: (row) => (
      <TextLink className="relative" href={{ pathname: '/endpoints', query: { team: row.slug } }}>
        {grouped(row.endpointCount)}
      </TextLink>
    ),
  },
];

export function TeamList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging, field, narrowed } = useSearchedPages();
  const query = useQuery({ ...trpc.teams.list.queryOptions(asked), ...listQuery });
  return (
    <>
      <PageHeader title="Teams" sub={<p>Names belong to teams, not to people.</p>} actions={platform ? <AddTeam /> : undefined} />
      <PagedTable
        caption="Teams"
        one="team"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        filters={<TextFilter label="Filter by name" placeholder="Filter teams…" {...field} />}
        narrowed={narrowed('No team is called that')}
        empty={
          <Empty title="No team yet" action={platform ? <AddTeam /> : undefined}>
            A team holds grants and owns the names that it claims under them.
          </Empty>
        }
      />
    </>
  );
}
