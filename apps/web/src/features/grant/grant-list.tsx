'use client';
import type { grantRow } from '@hostmaster/core/contract/governance';
import { sortOrder } from '@hostmaster/core/contract/page';
import { useQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral } from 'nuqs';
import type { z } from 'zod';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Filter, TextFilter } from '@/components/ui/filter';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Labels } from '@/features/name/hostname';
import { useNoTeam, useTeams } from '@/features/team/use-teams';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { AddGrant, ChangeGrant } from './grant-form';

type Grant = z.output<typeof grantRow>;

const filters = {
  q: parseAsString.withDefault(''),
  team: parseAsString.withDefault(''),
  zone: parseAsString.withDefault(''),
  order: parseAsStringLiteral(sortOrder.options).withDefault('asc'),
};

export function GrantList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(filters);
  const { team, zone, order } = search;
  const q = useDebounced(search.q.trim(), 200);
  const teams = useTeams();
  // A grant is a team's: without any there is nobody to give it to.
  const add = useNoTeam() ? (
    <Button asChild look="primary">
      <Link href="/teams">Add a team</Link>
    </Button>
  ) : (
    <AddGrant />
  );
  const asked = {
    ...(q === '' ? {} : { search: q }),
    ...(team === '' ? {} : { team }),
    ...(zone === '' ? {} : { zone }),
    order,
    ...(cursor === '' ? {} : { cursor }),
  };
  const { data: within } = useQuery({ ...trpc.zones.get.queryOptions({ id: zone }), enabled: zone !== '' });
  const query = useQuery({ ...trpc.grants.list.queryOptions(asked), ...listQuery });
  return (
    <>
      <PageHeader
        title="Grants"
        sub={<p>Which team may claim names under which suffix. The most specific suffix counts.</p>}
        actions={platform ? add : undefined}
      />
      <PagedTable
        caption="Grants"
        one="grant"
        columns={platform ? columnsOfPlatform : columns}
        choice="grants"
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        sort={{ by: 'suffix', order }}
        onSort={(sort) => void filter({ order: sort.order })}
        filters={
          <>
            <TextFilter
              label="Filter by suffix"
              placeholder="Filter suffixes…"
              value={search.q}
              onChange={(text) => void filter({ q: text })}
            />
            <Filter
              label="Team"
              value={team}
              onChange={(next) => void filter({ team: next })}
              options={teams.map((each) => ({ value: each.slug, label: each.name }))}
            />
            {zone !== '' && (
              <Filter
                label="Zone"
                value={zone}
                onChange={(next) => void filter({ zone: next })}
                options={[{ value: zone, label: within?.apex ?? 'a zone' }]}
              />
            )}
          </>
        }
        narrowed={q !== '' || team !== '' || zone !== '' ? { title: 'No grant is like that', clear } : null}
        empty={
          <Empty title="Nothing is granted yet" action={platform ? add : undefined}>
            With a grant, a team gets names under its suffix by itself, without asking anybody.
          </Empty>
        }
      />
    </>
  );
}

const columns: readonly Column<Grant>[] = [
  {
    id: 'suffix',
    header: 'Suffix',
    fixed: true,
    sort: 'asc',
    cell: (row) => (
      <span className="name font-[560]">
        <Labels text={row.suffix} />
      </span>
    ),
  },
  { id: 'team', header: 'Team', className: 'whitespace-nowrap', under: true, cell: (row) => row.team },
  {
    id: 'where',
    header: 'Where',
    under: true,
    cell: (row) => (
      <span className="flex flex-wrap gap-1">
        {row.environments.map((environment) => (
          <Badge key={environment}>{environment}</Badge>
        ))}
        {row.views.map((view) => (
          <Badge key={view}>{view}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'extra',
    header: 'Also',
    className: 'max-md:hidden',
    cell: (row) =>
      [row.wildcard && 'wildcards', row.apex && 'the suffix itself'].filter(Boolean).join(', ') || <span className="text-ink-3">—</span>,
  },
  {
    id: 'until',
    header: 'Until',
    className: 'max-md:hidden whitespace-nowrap',
    cell: (row) => (row.expiresAt ? <Time at={row.expiresAt} /> : <span className="text-ink-3">no end</span>),
  },
  { id: 'reason', header: 'Why', className: 'max-lg:hidden', cell: (row) => <span className="text-ink-2">{row.reason}</span> },
];

const actionsColumn: Column<Grant> = {
  id: 'actions',
  header: 'Actions',
  quiet: true,
  fixed: true,
  className: 'text-right',
  cell: (row) => (
    <span className="inline-flex flex-wrap justify-end gap-1">
      <ChangeGrant grant={row} />
      <Revoke grant={row} />
    </span>
  ),
};

const columnsOfPlatform = [...columns, actionsColumn];

function Revoke({ grant: { id, suffix, team } }: { grant: Grant }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Revoke"
      kind="grant"
      which={`${suffix} from ${team}`}
      title={`Revoke ${suffix} from ${team}?`}
      description="Names that are live stay live. New names and changes under the suffix are refused from now on."
      options={trpc.grants.revoke.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.grants.pathFilter()]}
      done={`${team} may no longer claim names under ${suffix}.`}
    />
  );
}
