'use client';
import { type endpointPage, endpointSort, endpointSortOrders, endpointState } from '@hostmaster/core/contract/endpoint-view';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { Filter, TextFilter } from '@/components/ui/filter';
import { markInk } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { Time } from '@/components/ui/time';
import { useMe } from '@/features/account/use-me';
import { viewOptions } from '@/features/name/views';
import { AskForName } from '@/features/request/ask-for-name';
import { useNobodyWorks } from '@/features/shell/nobody-works';
import { cn } from '@/lib/class-names';
import { type Change, useListSearch } from '@/lib/list-search';
import { optionsOf } from '@/lib/options';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { endpointColumns } from './endpoint-columns';
import { type EndpointSearch, endpointFilters, endpointSearch, endpointsInput } from './endpoint-search';
import { ExportButton } from './export-button';
import { overallOf } from './overall';
import { stateWords } from './words';

type EndpointPage = z.output<typeof endpointPage>;

export function EndpointList() {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(endpointSearch);
  const asked = { ...search, q: useDebounced(search.q, 200) };
  const query = useQuery({ ...trpc.endpoints.list.queryOptions(endpointsInput({ ...asked, cursor })), ...listQuery });
  const { data } = query;
  const narrowed = Object.keys(endpointFilters(asked)).length > 0;
  return (
    <>
      <PageHeader title="Endpoints" sub={data ? <OfAll page={data} /> : <>&nbsp;</>} actions={<AskForName shortcut />} />
      <PagedTable
        caption="Endpoints"
        one="endpoint"
        columns={endpointColumns}
        choice="endpoints"
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        sort={{ by: search.sort, order: search.order ?? endpointSortOrders[search.sort] }}
        onSort={({ by, order }) => void filter({ sort: endpointSort.safeParse(by).data ?? null, order })}
        filters={<Filters search={search} onChange={(change) => void filter(change)} />}
        actions={<ExportButton search={asked} />}
        narrowed={narrowed ? { title: 'No endpoint is like that', clear } : null}
        empty={
          <Empty title="No names yet" action={<AskForName />}>
            An endpoint is a name with its records, its certificate and its probe.
          </Empty>
        }
      />
    </>
  );
}

const stateOptions = optionsOf(endpointState.options, stateWords);

function Filters({ search, onChange }: { search: EndpointSearch; onChange: (change: Change<EndpointSearch>) => void }) {
  const me = useMe();
  return (
    <>
      <TextFilter label="Filter by name" placeholder="Filter names…" value={search.q} onChange={(q) => onChange({ q })} />
      {me.teams.length > 0 && (
        <Chip pressed={search.mine} onChange={(mine) => onChange({ mine })}>
          My teams
        </Chip>
      )}
      <Filter
        label="Environment"
        value={search.environment}
        onChange={(environment) => onChange({ environment })}
        options={me.environments.map((each) => ({ value: each.slug, label: each.name }))}
      />
      <Filter label="View" value={search.view} onChange={(view) => onChange({ view })} options={viewOptions} />
      <Filter label="State" value={search.state} onChange={(state) => onChange({ state })} options={stateOptions} />
      {search.attention && (
        <Chip pressed onChange={() => onChange({ attention: false })}>
          Needs attention
        </Chip>
      )}
      {search.like !== '' && (
        <Chip pressed onChange={() => onChange({ like: '' })}>
          Same cause
        </Chip>
      )}
      {search.team !== '' && (
        <Chip pressed onChange={() => onChange({ team: '' })}>
          {search.team}
        </Chip>
      )}
      {search.zone !== '' && (
        <Chip pressed onChange={() => onChange({ zone: '' })}>
          {search.zone}
        </Chip>
      )}
    </>
  );
}

function OfAll({ page }: { page: EndpointPage }) {
  const looking = useNobodyWorks().length === 0;
  if (page.total === 0 && page.checkedAt === null) return <p>Nothing to check yet</p>;
  const { state, text } = overallOf(page, looking);
  return (
    <p>
      <b className={cn('font-[560]', markInk[state])}>{text}</b>
      {page.checkedAt && (
        <>
          , last checked <Time at={page.checkedAt} />
        </>
      )}
    </p>
  );
}
