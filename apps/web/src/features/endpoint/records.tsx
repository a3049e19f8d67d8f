'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { recordSetKey } from '@hostmaster/core/dns/record-set';
import { Section } from '@/components/ui/card';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { recordSetColumns } from '@/features/name/record-set-columns';
import { recordsWords } from './standing';

type RecordSet = EndpointDetail['recordSets'][number];

const { name, ttl, type, values } = recordSetColumns;
const columns: readonly Column<RecordSet>[] = [name, { ...ttl, className: 'text-right tabular-nums' }, type, values];

export function Records({ endpoint }: { endpoint: EndpointDetail }) {
  const { note, instead } = recordsWords(endpoint);
  return (
    <Section title="Records" note={note ?? undefined} flush>
      {instead !== null ? (
        <p className="px-4 pb-5 text-ink-2 text-sm sm:px-5">{instead}</p>
      ) : (
        <Table caption="Record sets" columns={columns} rows={endpoint.recordSets} rowKey={recordSetKey} />
      )}
    </Section>
  );
}
