'use client';
import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { useQuery } from '@tanstack/react-query';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { grouped } from '@/lib/format/text';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { type ZoneSearch, zoneSearch, zonesAsked } from './zone-search';

const columns: readonly Column<ZoneRow>[] = [
  {
    id: 'apex',
    header: 'Zone',
    fixed: true,
    cell: (row) => (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <Link href={`/zones/${row.id}`} className={rowLink}>
          <span className="name font-[620]">{row.apex}</span>
        </Link>
        <Badge>{row.view}</Badge>
      </span>
    ),
  },
  {
    id: 'state',
    header: 'Last read',
    cell: (row) => <ZoneHealth zone={row} />,
  },
  { id: 'owner', header: 'Owner', className: 'max-sm:hidden whitespace-nowrap', cell: (row) => row.ownerTeam },
  {
    id: 'servers',
    header: 'Servers',
    className: 'max-md:hidden',
    cell: (row) => <span className="data">{row.servers.map((server) => server.name).join(', ')}</span>,
  },
  { id: 'serial', header: 'Serial', className: 'text-right tabular-nums max-lg:hidden', cell: (row) => row.serial ?? '—' },
  { id: 'records', header: 'Record sets', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => grouped(row.recordSetCount) },
  { id: 'endpoints', header: 'Endpoints', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => grouped(row.endpointCount) },
];

/** How its reading stands and, whatever stands there, of when it is: serial and counts beside it are of the last one. */
export function ZoneHealth({
  zone,
  said,
}: {
  zone: Pick<ZoneRow, 'syncError' | 'signingError' | 'syncedAt' | 'givenUpAt'>;
  /** A word before the time, where no heading says it. */
  said?: string;
}) {
  if (zone.givenUpAt) return <Status state="none">Given up</Status>;
  const wrong = zone.syncError ?? zone.signingError?.message;
  if (wrong !== undefined)
    return (
      <Status state="bad">
        {wrong}{' '}
        {zone.syncedAt && (
          <span className="text-ink-3">
            Last read <Time at={zone.syncedAt} />.
          </span>
        )}
      </Status>
    );
  if (!zone.syncedAt) return <Status state="wait">Not read yet</Status>;
  return (
    <Status state="ok">
      {said} <Time at={zone.syncedAt} />
    </Status>
  );
}

function narrowedBy({ q, failing }: ZoneSearch, clear: () => void) {
  if (failing) return { title: q === '' ? 'No zone fails' : 'No zone of that name fails', clear };
  return q === '' ? null : { title: 'No zone is called that', clear };
}

export function ZoneList() {
  const me = useMe();
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(zoneSearch);
  const asked = useDebounced(zonesAsked(search), 200);
  const query = useQuery({ ...trpc.zones.list.queryOptions({ ...asked, ...(cursor === '' ? {} : { cursor }) }), ...listQuery });
  const connect = (
    <Button asChild look="primary">
      <Link href="/zones/new">Connect a zone</Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Zones"
        sub={<p>Where names are kept, on which servers, and by whom.</p>}
        actions={isPlatform(me) ? connect : undefined}
      />
      <PagedTable
        caption="Zones"
        one="zone"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        filters={
          <>
            <TextFilter label="Filter by name" placeholder="Filter zones…" value={search.q} onChange={(q) => void filter({ q })} />
            <Chip pressed={search.failing} onChange={(failing) => void filter({ failing })}>
              Failing
            </Chip>
          </>
        }
        narrowed={narrowedBy(search, clear)}
        empty={
          <Empty title="No zone is connected" action={isPlatform(me) ? connect : undefined}>
            Names can be asked for once a zone is connected: its servers, a key that may change it, and the team that owns it.
          </Empty>
        }
      />
    </>
  );
}
