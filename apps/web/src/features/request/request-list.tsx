'use client';
import type { RequestRow } from '@hostmaster/core/contract/request';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Input } from '@/components/ui/input';
import { Status } from '@/components/ui/mark';
import { More } from '@/components/ui/more';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TableBones } from '@/components/ui/skeleton';
import { type Column, rowLink, Table } from '@/components/ui/table';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { Time } from '@/components/ui/time';
import { Hostname } from '@/features/name/hostname';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { type RequestTab, requestSearch, requestsInput, requestTabs } from './request-search';
import { kindWords, stateMarks, stateWords } from './words';

const columns: readonly Column<RequestRow>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (row) => (
      <Link href={`/requests/${row.id}`} className={rowLink}>
        <Hostname name={row.unicode} />
      </Link>
    ),
  },
  {
    id: 'kind',
    header: 'Asks for',
    className: 'max-sm:hidden',
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        {kindWords[row.kind]} {row.view !== 'public' && <Badge>{row.view}</Badge>}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (row) => (
      <Status state={stateMarks[row.state]}>{row.state === 'applied' ? 'Applied' : row.summary || stateWords[row.state]}</Status>
    ),
  },
  {
    id: 'team',
    header: 'Asked by',
    className: 'max-md:hidden',
    cell: (row) => (
      <span>
        {row.requester} <span className="text-ink-3">{row.team}</span>
      </span>
    ),
  },
  { id: 'age', header: 'Asked', className: 'text-right', cell: (row) => <Time at={row.createdAt} /> },
];

const empties = {
  queue: { title: 'Nothing waits for you', text: 'Requests that need your review appear here, the oldest first.' },
  open: { title: 'No request is open', text: 'Requests in review or being applied appear here.' },
  all: { title: 'Nobody has asked for a name yet', text: 'Every request, its plan and its reviews are kept here.' },
} satisfies Record<RequestTab, { title: string; text: string }>;

export function RequestList({ reviewer }: { reviewer: boolean }) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(requestTabs).withDefault(reviewer ? 'queue' : 'open'));
  const [{ q, cursor }, setSearch] = useQueryStates(requestSearch, { history: 'replace' });
  const settled = useDebounced(q, 200);
  const trpc = useTRPC();
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...trpc.requests.list.queryOptions(requestsInput(tab, settled, cursor)),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const waiting = useQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 }).data?.counts.reviews;
  return (
    <Tabs
      label="Requests"
      value={tab}
      onChange={(next) => {
        void setTab(next);
        void setSearch({ cursor: '' });
      }}
      tabs={[
        { value: 'queue', label: 'Waiting for me', count: waiting ?? null },
        { value: 'open', label: 'Open' },
        { value: 'all', label: 'All' },
      ]}
    >
      <TabPanel value={tab}>
        <Card className="overflow-clip">
          <div className="border-line border-b p-3">
            <Input
              type="search"
              aria-label="Filter by name"
              placeholder="Filter names…"
              value={q}
              onChange={(event) => void setSearch({ q: event.target.value, cursor: '' })}
              className="h-8 max-w-72"
            />
          </div>
          {error && !data ? (
            <ProblemPanel error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} className="m-4" />
          ) : !data ? (
            <TableBones />
          ) : data.rows.length === 0 ? (
            q === '' ? (
              <Empty
                title={empties[tab].title}
                action={
                  <Button asChild>
                    <Link href="/requests/new">Request a name</Link>
                  </Button>
                }
              >
                {empties[tab].text}
              </Empty>
            ) : (
              <Empty
                title={`No request here is for a name with “${q}”`}
                action={<Button onClick={() => void setSearch({ q: '' })}>Clear the filter</Button>}
              />
            )
          ) : (
            <>
              <Table caption="Requests" columns={columns} rows={data.rows} rowKey={(row) => row.id} waiting={isPlaceholderData} />
              <More
                shown={data.rows.length}
                total={data.total}
                what="request"
                first={cursor === ''}
                onFirst={() => void setSearch({ cursor: '' })}
                onNext={data.nextCursor ? () => void setSearch({ cursor: data.nextCursor ?? '' }, { history: 'push' }) : null}
              />
            </>
          )}
        </Card>
      </TabPanel>
    </Tabs>
  );
}
