'use client';
// What a table of the portal is made of, and what TanStack Table keeps of it: which column the rows are sorted by, which
// way, and which columns are shown. Rows come filtered, sorted and paged from the server, so none of its row models is used.
import type { SortOrder } from '@hostmaster/core/contract/page';
import {
  type ColumnDef,
  columnVisibilityFeature,
  functionalUpdate,
  metaHelper,
  type ReactTable,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';

export type Column<Row> = {
  /** Where the server can sort by it, its word for that. */
  id: string;
  /** Text of the heading; hidden from eyes but not from readers with `quiet`. */
  header: string;
  quiet?: boolean | undefined;
  cell: (row: Row) => ReactNode;
  /** For heading and cells alike: width, alignment, from which width of the page on it is shown. */
  className?: string | undefined;
  /** Where the server can sort by it: the order that the first press asks for. */
  sort?: SortOrder;
  /** On narrow windows under the first fixed column, or else the first one, instead of beside it. */
  under?: boolean | undefined;
  /** What names a row and what is done to it: shown whatever a person chooses. */
  fixed?: boolean;
  /** Shown only to those who choose it. */
  extra?: boolean;
};

export type Sort = { readonly by: string; readonly order: SortOrder };

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  columnMeta: metaHelper<Pick<Column<never>, 'header' | 'quiet' | 'className' | 'under'>>(),
});
export type TableModel<Row extends object> = ReactTable<typeof features, Row>;

type Options<Row> = {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort?: Sort | undefined;
  onSort?: ((sort: Sort) => void) | undefined;
  /** By the id of the column; what is not in it is as the columns say. */
  chosen?: Readonly<Record<string, boolean>>;
  onChoose?: (chosen: Record<string, boolean>) => void;
};

export function useTableModel<Row extends object>({
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  chosen,
  onChoose,
}: Options<Row>): TableModel<Row> {
  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const sorting = sort ? [{ id: sort.by, desc: sort.order === 'desc' }] : [];
  return useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowKey,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    state: { sorting, columnVisibility: { ...usual(columns), ...chosen } },
    onSortingChange: (change) => {
      const [next] = functionalUpdate(change, sorting);
      if (next) onSort?.({ by: next.id, order: next.desc ? 'desc' : 'asc' });
    },
    onColumnVisibilityChange: (change) => onChoose?.(functionalUpdate(change, { ...chosen })),
  });
}

const usual = (columns: readonly Column<never>[]): Record<string, boolean> =>
  Object.fromEntries(columns.filter(({ extra }) => extra).map(({ id }) => [id, false]));

function definitionOf<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const { id, header, quiet, cell, className, under, sort, fixed } = column;
  return {
    id,
    // The library sorts by nothing that it cannot read; the server does the sorting, so any value will do.
    accessorFn: (row) => row,
    enableSorting: sort !== undefined,
    sortDescFirst: sort === 'desc',
    enableHiding: !fixed,
    header,
    cell: ({ row }) => cell(row.original),
    meta: { header, quiet, className, under },
  };
}
