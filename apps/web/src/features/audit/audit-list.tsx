'use client';
import type { AuditRow } from '@hostmaster/core/contract/audit';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { Button } from '@/components/ui/button';
import { Card, Fact, Facts } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { Dialog } from '@/components/ui/dialog';
import { Empty } from '@/components/ui/empty';
import { Input } from '@/components/ui/input';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TableBones } from '@/components/ui/skeleton';
import { type Column, rowLink, Table } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { brief } from '@/lib/format/text';
import { exact } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { auditInput, auditSearch } from './audit-search';
import { VerifyChain } from './verify-chain';

const columns: readonly Column<AuditRow>[] = [
  { id: 'at', header: 'When', className: 'w-28', cell: (row) => <Time at={row.at} /> },
  { id: 'actor', header: 'Who', cell: (row) => <span className="font-[560]">{row.actor.name}</span> },
  { id: 'action', header: 'Did', cell: (row) => <Detail row={row} /> },
  { id: 'subject', header: 'To', cell: (row) => <span className="name break-all text-xs">{row.subject}</span> },
  {
    id: 'hash',
    header: 'Hash',
    className: 'max-lg:hidden',
    cell: (row) => (
      <span className="data text-ink-3" title={row.hash}>
        {brief(row.hash, 10, 0)}
      </span>
    ),
  },
  { id: 'seq', header: 'No.', className: 'text-right tabular-nums text-ink-3 max-sm:hidden', cell: (row) => row.seq },
];

export function AuditList() {
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(auditSearch, { history: 'replace' });
  const settled = useDebounced(search, 200);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...trpc.audit.list.queryOptions(auditInput(settled)),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const filtered = Object.keys(auditInput({ ...settled, cursor: '' })).length > 0;
  const filters = [
    { key: 'subject', label: 'Filter by name or thing', placeholder: 'Name or thing…' },
    { key: 'actor', label: 'Filter by person', placeholder: 'Person…' },
    { key: 'action', label: 'Filter by action', placeholder: 'Action, such as request.review…' },
  ] as const;
  return (
    <>
      <PageHeader
        title="Audit"
        sub={<p>Who did what, kept with the act itself. Each event carries the hash of the one before.</p>}
        actions={<VerifyChain />}
      />
      <Card className="overflow-clip">
        <search className="flex flex-wrap items-center gap-2 border-line border-b p-3">
          {filters.map(({ key, label, placeholder }) => (
            <Input
              key={key}
              type="search"
              aria-label={label}
              placeholder={placeholder}
              value={search[key]}
              onChange={(event) => void setSearch({ [key]: event.target.value, cursor: null })}
              className="h-8 min-w-36 max-w-64 flex-1"
            />
          ))}
        </search>
        {error && !data ? (
          <ProblemPanel error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} className="m-4" />
        ) : !data ? (
          <TableBones />
        ) : data.rows.length === 0 ? (
          filtered ? (
            <Empty title="No event is like that" action={<Button onClick={() => void setSearch(null)}>Clear the filters</Button>} />
          ) : (
            <Empty title="Nothing has happened yet">Every sign-in, request, review and change is written here.</Empty>
          )
        ) : (
          <>
            <Table
              caption="Audit events, newest first"
              columns={columns}
              rows={data.rows}
              rowKey={(row) => String(row.seq)}
              waiting={isPlaceholderData}
            />
            <More
              shown={data.rows.length}
              total={data.total}
              what="event"
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

function Detail({ row }: { row: AuditRow }) {
  return (
    <Dialog
      wide
      title={row.action}
      description={`Event ${row.seq}, ${exact(row.at)}`}
      trigger={
        <button type="button" className={`data text-left ${rowLink}`}>
          {row.action}
        </button>
      }
    >
      <Facts>
        <Fact name="Who">
          {row.actor.name} <span className="text-ink-3">{row.actor.kind}</span>{' '}
          <span className="data break-all text-ink-3 text-xs">{row.actor.id}</span>
        </Fact>
        <Fact name="To">
          <span className="name break-all text-xs">{row.subject}</span> <span className="text-ink-3">{row.subjectKind}</span>
        </Fact>
        <Fact name="Hash" mono>
          <span className="break-all text-xs">{row.hash}</span>
        </Fact>
        <Fact name="Follows" mono>
          <span className="break-all text-xs">{row.previous}</span>
        </Fact>
      </Facts>
      {Object.keys(row.detail).length > 0 && <Code text={JSON.stringify(row.detail, null, 2)} label="the detail" className="mt-4" />}
    </Dialog>
  );
}
