'use client';
// Every table of the portal. Rows come sorted and paged from the server, so the table itself only lays out; a row that
// leads somewhere has one real link (in its first cell) that is stretched over the whole row.
import { type ColumnDef, tableFeatures, useTable } from '@tanstack/react-table';
import { ArrowDown } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { cn } from '@/lib/class-names';
import { Sideways } from './sideways';

const features = tableFeatures({});

export type Column<Row> = {
  id: string;
  /** Text of the heading; hidden from eyes but not from readers with `quiet`. */
  header: string;
  quiet?: boolean;
  cell: (row: Row) => ReactNode;
  /** For heading and cells alike: width, alignment, from which width of the page on it is shown. */
  className?: string;
  /** Where the server can sort by it. */
  sort?: { active: boolean; apply: () => void };
};

export function Table<Row extends object>({
  caption,
  columns,
  rows,
  rowKey,
  waiting,
  dense,
}: {
  /** What the rows are, for readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Newer rows are on their way; the ones shown are of the question before. */
  waiting?: boolean;
  dense?: boolean;
}) {
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, Row> => ({
          id: column.id,
          header: column.header,
          cell: ({ row }) => column.cell(row.original),
        }),
      ),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: rows, getRowId: rowKey });
  const look = (id: string) => columns.find((column) => column.id === id);
  return (
    <Sideways label={caption} busy={waiting ?? false} className={cn('transition-opacity duration-150', waiting && 'opacity-55')}>
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const column = look(header.column.id);
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={column?.sort ? (column.sort.active ? 'ascending' : 'none') : undefined}
                    className={cn(
                      'whitespace-nowrap border-line border-b px-3 py-2 font-medium text-ink-3 text-xs first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
                      column?.className,
                    )}
                  >
                    {column?.sort ? (
                      <button
                        type="button"
                        onClick={column.sort.apply}
                        className={cn('inline-flex items-center gap-1 rounded-[3px] hover:text-ink', column.sort.active && 'text-ink')}
                      >
                        <table.FlexRender header={header} />
                        {column.sort.active && <ArrowDown className="size-3" aria-hidden />}
                      </button>
                    ) : (
                      <span className={column?.quiet ? 'sr-only' : undefined}>
                        <table.FlexRender header={header} />
                      </span>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className="relative border-line border-b transition-colors last:border-b-0 has-[.row-link]:hover:bg-sunken has-[.row-link:focus-visible]:bg-sunken"
            >
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cn(
                    dense ? 'h-9 py-1.5' : 'h-11 py-2',
                    'px-3 align-middle first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
                    look(cell.column.id)?.className,
                  )}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

/** Give this to the link of a row: it covers the row. Other controls in the row need `relative`. */
export const rowLink = 'row-link after:absolute after:inset-0 after:content-[""] focus-visible:-outline-offset-2 rounded-[3px]';
