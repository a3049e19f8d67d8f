import type { Column } from '@/components/ui/table-model';
import { Labels } from './hostname';
import { Value } from './value';

type RecordSet = { readonly name: string; readonly type: string; readonly ttl: number; readonly values: readonly string[] };

/** The columns of record sets, wherever they are listed. */
export const recordSetColumns = {
  name: {
    id: 'name',
    header: 'Name',
    cell: (row) => (
      <span className="name text-xs">
        <Labels text={row.name} />
      </span>
    ),
  },
  ttl: { id: 'ttl', header: 'TTL', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => row.ttl },
  type: { id: 'type', header: 'Type', cell: (row) => <span className="data">{row.type}</span> },
  values: {
    id: 'values',
    header: 'Values',
    cell: (row) => (
      <ul className="data [overflow-wrap:anywhere]">
        {row.values.map((value) => (
          <li key={value}>
            <Value text={value} />
          </li>
        ))}
      </ul>
    ),
  },
} as const satisfies Readonly<Record<string, Column<RecordSet>>>;
