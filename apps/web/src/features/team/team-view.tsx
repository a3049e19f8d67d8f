'use client';
import type { team } from '@hostmaster/core/contract/person';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Badge } from '@/components/ui/badge';
import { Section } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { teamRoleWords } from '@/features/person/words';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { AddMember, ChangeRole, RemoveMember } from './members';

type Member = z.output<typeof team>['members'][number];

const columns: readonly Column<Member>[] = [
  {
    id: 'name',
    header: 'Name',
    fixed: true,
    cell: (row) => (
      <>
        <b className="font-[560]">{row.name}</b> {row.disabled && <Badge>disabled</Badge>}
        <span className="block text-ink-3 text-xs [overflow-wrap:anywhere]">{row.email}</span>
      </>
    ),
  },
  { id: 'role', header: 'Role', under: true, cell: (row) => teamRoleWords[row.role] },
];

export function TeamView({ slug }: { slug: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data: team } = useSuspenseQuery({ ...trpc.teams.get.queryOptions({ slug }), refetchInterval: 15_000 });
  const mayChange = isPlatform(me) || me.teams.some((own) => own.slug === slug && own.role === 'maintainer');
  const changeColumn: Column<Member> = {
    id: 'change',
    header: 'Change',
    quiet: true,
    fixed: true,
    className: 'text-right whitespace-nowrap',
    cell: (row) => (
      <span className="flex items-center justify-end gap-1 max-sm:flex-col max-sm:items-end">
        <ChangeRole team={team} member={row} />
        <RemoveMember team={team} member={row} />
      </span>
    ),
  };
  const add = mayChange ? <AddMember team={team} /> : undefined;
  return (
    <>
      <PageHeader
        crumb={{ href: '/teams', label: 'Teams' }}
        title={team.name}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="data">{team.slug}</span>
            <TextLink href={{ pathname: '/grants', query: { team: slug } }}>{plural(team.grantCount, 'grant')}</TextLink>
            <TextLink href={{ pathname: '/endpoints', query: { team: slug } }}>{plural(team.endpointCount, 'endpoint')}</TextLink>
          </span>
        }
        actions={add}
      />
      <Section title="Members" note="maintainers change who is in the team" flush>
        {team.members.length === 0 ? (
          <Empty title="Nobody is in this team yet" action={add}>
            Members ask for names of the team; maintainers also change who is in it.
          </Empty>
        ) : (
          <Table
            caption={`Members of ${team.name}`}
            columns={mayChange ? [...columns, changeColumn] : columns}
            rows={team.members}
            rowKey={(row) => row.email}
          />
        )}
      </Section>
    </>
  );
}
