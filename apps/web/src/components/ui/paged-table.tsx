'use client';
// Every list of the portal: the filters above it, then what there is to say of the rows (that they could not be read, that
// they are on their way, that none is like that, that there are none at all) or the rows, and the way to the next page.
import { keepPreviousData } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Paging } from '@/lib/list-search';
import { Button } from './button';

import { Card } from './card';
import { ColumnMenu, useColumnChoice } from './column-choice';
import { Empty } from './empty';
import { More } from './more';
import { ProblemPanel } from './problem-panel';
import { TableLayout } from './table';
import { type Column, type Sort, useTableModel } from './table-model';

/** How the query of a list is made: the rows of the question before stay until the new ones are there, and they keep themselves fresh. */
export const listQuery = { placeholderData: keepPreviousData, refetchInterval: 15_000 } as const;

type Props<Row> = {
  /** What the rows are, for readers, and one of them: "endpoint". */
  caption: string;
  one: string;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  query: {
    data: { rows: readonly Row[]; nextCursor?: string | null; total?: number | null } | undefined;
    error: unknown;
    dataUpdatedAt: number;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
  /** Where the list comes in pages. */
  paging?: Paging;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Controls above the table, what else can be done with its rows, and under which name a choice of its columns is kept. */
  filters?: ReactNode;
  actions?: ReactNode;
  choice?: string;
  /** What is said where the filters leave nothing, and how they are taken away; null while there is none. */
  narrowed?: { title: string; clear: () => void } | null;
  /** What is said where there is nothing to filter. */
  empty: ReactNode;
};

const nothing: readonly never[] = [];

export function PagedTable<Row extends object>(props: Props<Row>) {
  const { caption, columns, rowKey, query, sort, onSort, filters, actions, choice } = props;
  const { chosen, choose } = useColumnChoice(choice ?? '');
  const rows = query.data?.rows ?? nothing;
  const table = useTableModel({ columns, rows, rowKey, sort, onSort, chosen, onChoose: choose });
  return (
    <Card className="overflow-clip">
      {filters && (
        <search className="flex flex-wrap items-center gap-2 border-line border-b p-3 print:hidden">
          {filters}
          <span className="ml-auto flex gap-2 empty:hidden">
            {rows.length > 0 && actions}
            {choice && <ColumnMenu table={table} />}
          </span>
        </search>
      )}
      {query.data === undefined ? (
        query.error ? (
          <ProblemPanel error={query.error} action={<Button onClick={() => void query.refetch()}>Try again</Button>} className="m-4" />
        ) : (
          <>
            <p role="status" className="sr-only">
              Loading…
            </p>
            <TableLayout caption={caption} table={table} bones={10} />
          </>
        )
      ) : rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <>
          <TableLayout list caption={caption} table={table} waiting={query.isPlaceholderData} />
          <End {...props} />
        </>
      )}
    </Card>
  );
}

function Nothing<Row>({ narrowed, empty }: Props<Row>) {
  if (!narrowed) return empty;
  return <Empty title={narrowed.title} action={<Button onClick={narrowed.clear}>Clear the filters</Button>} />;
}

function End<Row>({ one, query: { data }, paging }: Props<Row>) {
  if (!data || !paging) return null;
  const { nextCursor: next, total, rows } = data;
  return (
    <More
      shown={rows.length}
      total={total ?? null}
      what={one}
      first={paging.atFirst}
      onFirst={paging.toFirst}
      onNext={next ? () => paging.to(next) : null}
    />
  );
}
