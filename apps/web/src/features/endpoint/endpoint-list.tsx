'use client';
import type { EndpointRow } from '@hostmaster/core/contract/endpoint-view';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { Filter } from '@/components/ui/filter';
import { Input } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { Status } from '@/components/ui/mark';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TableBones } from '@/components/ui/skeleton';
import { type Column, rowLink, Table } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { useMe } from '@/features/account/use-me';
import { LifetimeMeter } from '@/features/certificate/lifetime-meter';
import { ChainDots } from '@/features/chain/chain-dots';
import { Hostname } from '@/features/name/hostname';
import { grouped, words } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { type EndpointSearch, endpointSearch, endpointsInput, states, views } from './endpoint-search';
import { ExportButton } from './export-button';
import { stateMarks, stateWords } from './words';

export function EndpointList() {
  const me = useMe();
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(endpointSearch, { history: 'replace' });
  const filter = (change: Partial<EndpointSearch>) => void setSearch({ ...change, cursor: null });
  const q = useDebounced(search.q, 200);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...trpc.endpoints.list.queryOptions(endpointsInput({ ...search, q })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const columns = useMemo(() => columnsOf(search.sort, (sort) => void setSearch({ sort, cursor: null })), [search.sort, setSearch]);
  const filtered =
    q !== '' || search.mine || search.environment !== '' || search.team !== '' || search.zone !== '' || search.view || search.state;
  return (
    <>
      <PageHeader
        title="Endpoints"
        sub={data ? <Attention count={data.attention} total={data.total} checkedAt={data.checkedAt} /> : <>&nbsp;</>}
        actions={
          <Button asChild look="primary">
            <Link href="/requests/new">
              Request a name <Kbd>C</Kbd>
            </Link>
          </Button>
        }
      />
      <Card className="overflow-clip">
        <search className="flex flex-wrap items-center gap-2 border-line border-b p-3">
          <Input
            type="search"
            aria-label="Filter by name"
            placeholder="Filter names…"
            value={search.q}
            onChange={(event) => filter({ q: event.target.value })}
            className="h-8 min-w-44 max-w-72 flex-1"
          />
          {me.teams.length > 0 && (
            <Chip pressed={search.mine} onChange={(mine) => filter({ mine })}>
              My teams
            </Chip>
          )}
          <Filter
            label="Environment"
            value={search.environment}
            onChange={(environment) => filter({ environment })}
            options={me.environments.map((each) => ({ value: each.slug, label: each.name }))}
          />
          <Filter
            label="View"
            value={search.view ?? ''}
            onChange={(value) => filter({ view: views.find((view) => view === value) ?? null })}
            options={views.map((view) => ({ value: view, label: words(view) }))}
          />
          <Filter
            label="State"
            value={search.state ?? ''}
            onChange={(value) => filter({ state: states.find((state) => state === value) ?? null })}
            options={states.map((state) => ({ value: state, label: stateWords[state] }))}
          />
          {search.team !== '' && (
            <Chip pressed onChange={() => filter({ team: '' })}>
              {search.team}
            </Chip>
          )}
          {search.zone !== '' && (
            <Chip pressed onChange={() => filter({ zone: '' })}>
              {search.zone}
            </Chip>
          )}
          {data && data.rows.length > 0 && <ExportButton search={{ ...search, q }} />}
        </search>
        {error && !data ? (
          <ProblemPanel error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} className="m-4" />
        ) : !data ? (
          <TableBones columns={6} rows={10} />
        ) : data.rows.length === 0 && filtered ? (
          <Empty title="No endpoint is like that" action={<Button onClick={() => void setSearch(null)}>Clear the filters</Button>} />
        ) : data.rows.length === 0 ? (
          <Empty
            title="No names yet"
            action={
              <Button asChild look="primary">
                <Link href="/requests/new">Request a name</Link>
              </Button>
            }
          >
            An endpoint is a name with its records, its certificate and its probe. The first one takes about a minute.
          </Empty>
        ) : (
          <>
            <Table caption="Endpoints" columns={columns} rows={data.rows} rowKey={(row) => row.id} waiting={isPlaceholderData} />
            <More
              shown={data.rows.length}
              total={data.total}
              what="endpoint"
              first={search.cursor === ''}
              onFirst={() => void setSearch({ cursor: null })}
              onNext={data.nextCursor ? () => void setSearch({ cursor: data.nextCursor }, { history: 'push' }) : null}
            />
          </>
        )}
      </Card>
    </>
  );
}

function Attention({ count, total, checkedAt }: { count: number; total: number | null; checkedAt: string | null }) {
  return (
    <p>
      {total === 0 && checkedAt === null ? (
        'Nothing to check yet'
      ) : count > 0 ? (
        <b className="font-[560] text-bad">
          {grouped(count)} {count === 1 ? 'needs' : 'need'} attention
        </b>
      ) : (
        <b className="font-[560] text-ok">All clear</b>
      )}
      {count > 0 && total !== null && total >= count && ` · ${grouped(total - count)} clear`}
      {checkedAt && (
        <>
          , checked <Time at={checkedAt} />
        </>
      )}
    </p>
  );
}

function columnsOf(sort: EndpointSearch['sort'], apply: (sort: EndpointSearch['sort']) => void): Column<EndpointRow>[] {
  const sorted = (by: EndpointSearch['sort']) => ({ active: sort === by, apply: () => apply(by) });
  return [
    {
      id: 'name',
      header: 'Name',
      sort: sorted('hostname'),
      cell: (row) => (
        <>
          <span className="flex items-baseline gap-2">
            <Link href={`/endpoints/${row.id}`} className={rowLink}>
              <Hostname name={row.unicode} zone={row.zone} />
            </Link>
            {row.view !== 'public' && <Badge>{row.view}</Badge>}
          </span>
          <ChainDots chain={row.chain} className="mt-1.5 sm:hidden" />
        </>
      ),
    },
    { id: 'chain', header: 'Chain', className: 'w-28 max-sm:hidden', cell: (row) => <ChainDots chain={row.chain} /> },
    {
      id: 'state',
      header: 'State',
      cell: (row) => (
        <Status state={stateMarks[row.state]} moving={row.state === 'pending'}>
          {row.summary || stateWords[row.state]}
        </Status>
      ),
    },
    {
      id: 'certificate',
      header: 'Certificate',
      className: 'max-md:hidden',
      sort: sorted('expiry'),
      cell: (row) => (row.certificate ? <LifetimeMeter {...row.certificate} /> : <span className="text-ink-3">none</span>),
    },
    { id: 'team', header: 'Team', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.team },
    { id: 'environment', header: 'Environment', className: 'max-2xl:hidden', cell: (row) => row.environment },
    {
      id: 'changed',
      header: 'Changed',
      className: 'text-right max-lg:hidden',
      sort: sorted('changed'),
      cell: (row) => (
        <span className="text-ink-2">
          <Time at={row.changedAt} bare />
        </span>
      ),
    },
  ];
}
