'use client';
// How every table of the portal looks, while it waits for its rows too. A row that leads somewhere has one real link (in
// its first cell) that is stretched over the whole row.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cn } from '@/lib/class-names';
import { Sideways } from './sideways';
import { Bone, boneWidth } from './skeleton';
import { type Column, type TableModel, useTableModel } from './table-model';

const edges = 'px-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5';

/** A table of rows that are all there, in the order in which they are. */
export function Table<Row extends object>({
  columns,
  rows,
  rowKey,
  ...look
}: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  caption: string;
  dense?: boolean;
}) {
  return <TableLayout {...look} table={useTableModel({ columns, rows, rowKey })} />;
}

export function TableLayout<Row extends object>({
  caption,
  table,
  bones = 0,
  waiting = false,
  dense,
  list,
}: {
  /** What the rows are, for readers. */
  caption: string;
  table: TableModel<Row>;
  /** So many grey rows in place of the first ones, which are on their way. */
  bones?: number;
  /** Newer rows are on their way; the ones shown are of the question before. */
  waiting?: boolean;
  dense?: boolean;
  /** It is what the page lists: keys lead from row to row, also where a row leads nowhere. */
  list?: boolean;
}) {
  const columns = table.getVisibleLeafColumns();
  const under = columns.filter((column) => column.columnDef.meta?.under);
  const main = columns.find((column) => !column.getCanHide()) ?? columns[0];
  const cell = cn(dense ? 'h-9 py-1.5' : 'h-11 py-2', 'align-middle', edges);
  return (
    <Sideways label={caption} busy={waiting || bones > 0} className={cn('transition-opacity duration-150', waiting && 'opacity-55')}>
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <Heading key={header.id} column={header.column} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              {...(list ? { tabIndex: -1, 'data-listed': true } : {})}
              className="relative focus-visible:-outline-offset-2 focus-visible:bg-sunken focus-visible:outline-2 focus-visible:outline-accent border-line border-b transition-colors last:border-b-0 has-[.row-link]:hover:bg-sunken has-[.row-link:focus-visible]:bg-sunken"
            >
              {row.getVisibleCells().map((each) => (
                <td key={each.id} className={cn(cell, lookOf(each.column))}>
                  <table.FlexRender cell={each} />
                  {each.column.id === main?.id && under.length > 0 && (
                    <div className="mt-1 grid justify-items-start gap-0.5 text-ink-2 text-xs sm:hidden">
                      {row
                        .getVisibleCells()
                        .map((other) => under.includes(other.column) && <table.FlexRender key={other.id} cell={other} />)}
                    </div>
                  )}
                </td>
              ))}
            </tr>
          ))}
          {Array.from({ length: bones }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
            <tr key={row} aria-hidden className="border-line border-b last:border-b-0">
              {columns.map((column, index) => (
                <td key={column.id} className={cn(cell, lookOf(column))}>
                  <Bone className={boneWidth(row, index)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

const sorted = { asc: 'ascending', desc: 'descending' } as const;

type ModelColumn<Row extends object> = ReturnType<TableModel<Row>['getAllLeafColumns']>[number];

const lookOf = <Row extends object>({ columnDef: { meta } }: ModelColumn<Row>) => cn(meta?.under && 'max-sm:hidden', meta?.className);

function Heading<Row extends object>({ column }: { column: ModelColumn<Row> }) {
  const { header, quiet } = column.columnDef.meta ?? {};
  const order = column.getIsSorted();
  const Arrow = (order || column.getFirstSortDir()) === 'desc' ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={column.getCanSort() ? (order ? sorted[order] : 'none') : undefined}
      className={cn('whitespace-nowrap border-line border-b py-2 font-medium text-ink-3 text-xs', edges, lookOf(column))}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          onClick={() => column.toggleSorting()}
          className={cn(
            'group inline-flex items-baseline gap-1 rounded-[3px] hover:text-ink [.text-right>&]:flex-row-reverse',
            order && 'text-ink',
          )}
        >
          {header}
          <Arrow
            className={cn('size-3 self-center', order ? '' : 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60')}
            aria-hidden
          />
        </button>
      ) : (
        <span className={quiet ? 'sr-only' : undefined}>{header}</span>
      )}
    </th>
  );
}

/** Give this to the link of a row: it covers the row. Other controls in the row need `relative`. */
export const rowLink = 'row-link after:absolute after:inset-0 after:content-[""] focus-visible:-outline-offset-2 rounded-[3px]';
