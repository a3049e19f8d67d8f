'use client';
import type { ExceptionRow } from '@hostmaster/core/contract/exception';
import { useQuery } from '@tanstack/react-query';
import { Empty } from '@/components/ui/empty';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { Time, useNow } from '@/components/ui/time';
import { isSecurity, mayReview } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Labels } from '@/features/name/hostname';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddException } from './add-exception';

const columns: readonly Column<ExceptionRow>[] = [
  {
    id: 'hostname',
    header: 'Name',
    fixed: true,
    cell: (row) => (
      <span className="name font-[560]">
        <Labels text={row.hostname} />
      </span>
    ),
  },
  { id: 'rule', header: 'Rule', className: 'whitespace-nowrap', under: true, cell: (row) => <code className="data">{row.rule}</code> },
  { id: 'until', header: 'Until', className: 'whitespace-nowrap', under: true, cell: (row) => <State exception={row} /> },
  { id: 'reason', header: 'Reason', under: true, cell: (row) => <span className="break-words text-ink-2">{row.reason}</span> },
  { id: 'by', header: 'Recorded by', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.by },
];

const endColumn: Column<ExceptionRow> = {
  id: 'end',
  header: 'End',
  quiet: true,
  fixed: true,
  className: 'text-right',
  cell: (row) => <End exception={row} />,
};

const columnsOfReviewers = [...columns, endColumn];

const useEnded = ({ until }: ExceptionRow): boolean => Date.parse(until) <= useNow();

function State({ exception }: { exception: ExceptionRow }) {
  const at = <Time at={exception.until} />;
  return useEnded(exception) ? <Status state="none">Ended {at}</Status> : <Status state="wait">Ends {at}</Status>;
}

export function ExceptionList() {
  const me = useMe();
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.exceptions.list.queryOptions(asked), ...listQuery });
  const add = isSecurity(me) && query.data ? <AddException rules={query.data.rules} /> : undefined;
  return (
    <>
      <PageHeader title="Exceptions" sub={<p>Rules that are lifted for one name until a day, and who answers for that.</p>} actions={add} />
      <PagedTable
        caption="Exceptions"
        one="exception"
        columns={mayReview(me) ? columnsOfReviewers : columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        empty={
          <Empty title="No rule is lifted for any name" action={add}>
            A security reviewer can record that a rule does not stand in the way of a name; every decision that stands on it says so.
          </Empty>
        }
      />
    </>
  );
}

function End({ exception }: { exception: ExceptionRow }) {
  const { id, rule, hostname } = exception;
  const trpc = useTRPC();
  if (useEnded(exception)) return null;
  return (
    <TakeAway
      verb="End"
      kind="exception"
      which={`the exception from ${rule} for ${hostname}`}
      title={`End the exception for ${hostname}?`}
      description={`What is live stays live. From now on ${rule} is held against the name again, also where a request was approved and not carried out yet.`}
      options={trpc.exceptions.end.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.exceptions.pathFilter()]}
      done={`${rule} holds again for ${hostname}.`}
    />
  );
}
