'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Labels } from '@/features/name/hostname';
import { recordsWords } from './standing';

type RecordSet = EndpointDetail['recordSets'][number];

const columns: readonly Column<RecordSet>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (row) => (
      <span className="name text-xs">
        <Labels text={row.name} />
      </span>
    ),
  },
  { id: 'ttl', header: 'TTL', className: 'text-right tabular-nums', cell: (row) => row.ttl },
  { id: 'type', header: 'Type', cell: (row) => <span className="data">{row.type}</span> },
  {
    id: 'values',
    header: 'Values',
    cell: (row) => (
      <ul className="data break-words">
        {row.values.map((value) => (
          <li key={value}>{value}</li>
        ))}
      </ul>
    ),
  },
];

export function Records({ endpoint }: { endpoint: EndpointDetail }) {
  const { note, instead } = recordsWords(endpoint);
  return (
    <Section title="Records" note={note ?? undefined} flush>
      {instead !== null ? (
        <p className="px-4 pb-5 text-ink-2 text-sm sm:px-5">{instead}</p>
      ) : (
        <Table caption="Record sets" columns={columns} rows={endpoint.recordSets} rowKey={(row) => `${row.name} ${row.type}`} />
      )}
    </Section>
  );
}
