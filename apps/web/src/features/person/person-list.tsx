'use client';
import { sortOrder } from '@hostmaster/core/contract/page';
import type { PersonRow } from '@hostmaster/core/contract/person';
import { personState } from '@hostmaster/core/contract/person';
import { useQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { Empty } from '@/components/ui/empty';
import { Filter, TextFilter } from '@/components/ui/filter';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { Invite } from './invite';
import { methodWords, PersonState, Roles, stateOptions } from './words';

const filters = {
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(personState.options),
  order: parseAsStringLiteral(sortOrder.options).withDefault('asc'),
};

export function PersonList() {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(filters);
  const { state, order } = search;
  const q = useDebounced(search.q.trim(), 200);
  const asked = { ...(q === '' ? {} : { search: q }), ...(state ? { state } : {}), order, ...(cursor === '' ? {} : { cursor }) };
  const query = useQuery({ ...trpc.people.list.queryOptions(asked), ...listQuery });
  return (
    <>
      <PageHeader title="People" sub={<p>Who may sign in, what they may do, and the teams that they are in.</p>} actions={<Invite />} />
      <PagedTable
        caption="People"
        one="person"
        columns={columns}
        choice="people"
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        sort={{ by: 'name', order }}
        onSort={(sort) => void filter({ order: sort.order })}
        filters={
          <>
            <TextFilter
              label="Filter by name, e-mail or account"
              placeholder="Filter people…"
              value={search.q}
              onChange={(text) => void filter({ q: text })}
            />
            <Filter label="State" value={state} onChange={(next) => void filter({ state: next })} options={stateOptions} />
          </>
        }
        narrowed={q !== '' || state ? { title: 'Nobody is like that', clear } : null}
        empty={
          <Empty title="Nobody is here yet" action={<Invite />}>
            Whoever is invited sets a password of their own with the link that you hand over.
          </Empty>
        }
      />
    </>
  );
}

const columns: readonly Column<PersonRow>[] = [
  {
    id: 'name',
    header: 'Name',
    fixed: true,
    sort: 'asc',
    cell: (row) => (
      <>
        <Link href={`/people/${row.id}`} className={`${rowLink} font-[560]`}>
          {row.name}
        </Link>
        <span className="block text-ink-3 text-xs [overflow-wrap:anywhere]">{row.email}</span>
      </>
    ),
  },
  { id: 'state', header: 'State', under: true, className: 'whitespace-nowrap', cell: (row) => <PersonState state={row.state} /> },
  { id: 'roles', header: 'Roles', under: true, cell: (row) => <Roles roles={row.roles} /> },
  {
    id: 'teams',
    header: 'Teams',
    className: 'max-md:hidden',
    cell: (row) =>
      row.teams.length === 0 ? (
        <span className="text-ink-3">no team</span>
      ) : (
        row.teams.map(({ slug, role }, index) => (
          <span key={slug}>
            {index > 0 && ', '}
            {slug}
            {role === 'maintainer' && <span className="text-ink-3"> maintainer</span>}
          </span>
        ))
      ),
  },
  {
    id: 'method',
    header: 'Signs in with',
    className: 'max-lg:hidden',
    cell: (row) => row.signsInWith.map((method) => methodWords[method]).join(', ') || <span className="text-ink-3">nothing yet</span>,
  },
  {
    id: 'last',
    header: 'Last sign-in',
    className: 'max-md:hidden whitespace-nowrap',
    cell: (row) => (row.lastSignInAt ? <Time at={row.lastSignInAt} /> : <span className="text-ink-3">never</span>),
  },
];
