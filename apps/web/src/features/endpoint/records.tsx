'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Labels } from '@/features/name/hostname';

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

export function Records({ recordSets, gone }: { recordSets: readonly RecordSet[]; gone: boolean }) {
  return (
    <Section title="Records" note={gone ? undefined : 'as the approved contract wants them'} flush>
      {recordSets.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2 text-sm">
          {gone ? 'They were removed when the name was retired.' : 'This contract has no records.'}
        </p>
      ) : (
        <Table caption="Record sets" columns={columns} rows={recordSets} rowKey={(row) => `${row.name} ${row.type}`} />
      )}
    </Section>
  );
}
