'use client';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { type Column, Table } from '@/components/ui/table';
import { isPlatform, useMe } from '@/features/account/use-me';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { AddTeam } from './add-team';

type Team = {
  id: string;
  slug: string;
  name: string;
  members: { name: string; role: string }[];
  grantCount: number;
  endpointCount: number;
};

const columns: readonly Column<Team>[] = [
  {
    id: 'team',
    header: 'Team',
    cell: (row) => (
      <span>
        <b className="font-[560]">{row.name}</b> <span className="data text-ink-3">{row.slug}</span>
      </span>
    ),
  },
  {
    id: 'members',
    header: 'Members',
    className: 'max-sm:hidden',
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
    cell: (row) => <TextLink href={{ pathname: '/grants', query: { team: row.slug } }}>{plural(row.grantCount, 'grant')}</TextLink>,
  },
  {
    id: 'endpoints',
    header: 'Endpoints',
    cell: (row) => (
      <TextLink href={{ pathname: '/endpoints', query: { team: row.slug } }}>{plural(row.endpointCount, 'endpoint')}</TextLink>
    ),
  },
];

export function TeamList() {
  const me = useMe();
  const trpc = useTRPC();
  const { rows } = useSuspenseQuery({ ...trpc.teams.list.queryOptions(), refetchInterval: 15_000 }).data;
  const platform = isPlatform(me);
  return (
    <>
      <PageHeader title="Teams" sub={<p>Names belong to teams, not to people.</p>} actions={platform ? <AddTeam /> : undefined} />
      <Card className="overflow-clip">
        {rows.length === 0 ? (
          <Empty title="No team yet" action={platform ? <AddTeam /> : undefined}>
            A team holds grants and owns the names that it claims under them.
          </Empty>
        ) : (
          <Table caption="Teams" columns={columns} rows={rows} rowKey={(row) => row.id} />
        )}
      </Card>
    </>
  );
}
