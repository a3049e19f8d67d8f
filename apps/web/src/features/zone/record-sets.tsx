'use client';
import type { ZoneRow, zoneRecordSetPage } from '@hostmaster/core/contract/zone';
// What stands in a zone as it was last read, page by page: a zone may hold a million record sets.
import { recordSetKey } from '@hostmaster/core/dns/record-set';
import { useQuery } from '@tanstack/react-query';
import { parseAsString } from 'nuqs';
import type { z } from 'zod';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { TextLink } from '@/components/ui/link';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { recordSetColumns } from '@/features/name/record-set-columns';
import { grouped } from '@/lib/format/text';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';

type RecordSet = z.output<typeof zoneRecordSetPage>['rows'][number];

const Owner = ({ row }: { row: RecordSet }) =>
  row.endpointId ? (
    <TextLink href={`/endpoints/${row.endpointId}`}>{row.team ?? 'endpoint'}</TextLink>
  ) : (
    <span className="text-ink-3">not ours</span>
  );

const { name, ttl, type, values } = recordSetColumns;
const columns: readonly Column<RecordSet>[] = [
  name,
  ttl,
  type,
  {
    ...values,
    cell: (row) => (
      <>
        {values.cell(row)}
        <span className="block text-xs sm:hidden">
          <Owner row={row} />
        </span>
      </>
    ),
  },
  { id: 'owner', header: 'Owner', className: 'whitespace-nowrap max-sm:hidden', cell: (row) => <Owner row={row} /> },
];

/** How many there were at the last reading, and of when the list is: work reads the names that it is about by itself. */
export function SeenWhen({ zone: { recordSetCount, syncedAt } }: { zone: Pick<ZoneRow, 'recordSetCount' | 'syncedAt'> }) {
  if (syncedAt === null) return 'not read whole yet';
  return (
    <>
      {grouped(recordSetCount)} when the zone was read <Time at={syncedAt} />, and since then what work has read again; with the endpoint
      that holds each
    </>
  );
}

const filters = { q: parseAsString.withDefault('') };

/** @param large a search finds names by how they begin */
export function ZoneRecordSets({ id, read, large }: { id: string; read: boolean; large: boolean }) {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(filters);
  const q = useDebounced(search.q.trim(), 200);
  const asked = { id, ...(q === '' ? {} : { search: q }), ...(cursor === '' ? {} : { cursor }) };
  const query = useQuery({ ...trpc.zones.recordSets.queryOptions(asked), ...listQuery });
  return (
    <PagedTable
      caption="Record sets"
      one="record set"
      columns={columns}
      rowKey={recordSetKey}
      query={query}
      paging={paging}
      filters={
        <TextFilter
          label="Filter record sets"
          placeholder={large ? 'Beginning of a name…' : 'Name, value or type…'}
          value={search.q}
          onChange={(text) => void filter({ q: text })}
        />
      }
      narrowed={q === '' ? null : { title: large ? 'No name begins like that' : 'No record set is like that', clear }}
      empty={<Empty title={read ? 'The zone holds no record set' : 'The zone was not read yet'} />}
    />
  );
}
