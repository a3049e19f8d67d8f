'use client';
import type { reservationRow } from '@hostmaster/core/contract/governance';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Badge } from '@/components/ui/badge';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { useSearchedPages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddReservation } from './add-reservation';
import { kindWords } from './words';

type Reservation = z.output<typeof reservationRow>;

const columns: readonly Column<Reservation>[] = [
  { id: 'value', header: 'Reserved', fixed: true, cell: (row) => <span className="name font-[560]">{row.value}</span> },
  { id: 'kind', header: 'Means', under: true, cell: (row) => <Badge>{kindWords[row.kind]}</Badge> },
  { id: 'group', header: 'Reviewed by', under: true, cell: (row) => groupWords(row.group) },
  { id: 'reason', header: 'Reason shown', className: 'max-md:hidden', cell: (row) => <span className="text-ink-2">{row.reason}</span> },
  { id: 'since', header: 'Since', className: 'max-lg:hidden', cell: (row) => <Time at={row.createdAt} /> },
];

const removeColumn: Column<Reservation> = {
  id: 'remove',
  header: 'Remove',
  quiet: true,
  className: 'text-right',
  cell: (row) => <Remove reservation={row} />,
};

const columnsOfPlatform = [...columns, removeColumn];

export function ReservationList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging, field, narrowed } = useSearchedPages();
  const query = useQuery({ ...trpc.reservations.list.queryOptions(asked), ...listQuery });
  return (
    <>
      <PageHeader
        title="Reservations"
        sub={<p>Names that somebody must look at before anybody gets them.</p>}
        actions={platform ? <AddReservation /> : undefined}
      />
      <PagedTable
        caption="Reservations"
        one="reservation"
        columns={platform ? columnsOfPlatform : columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        filters={<TextFilter label="Filter by name or reason" placeholder="Filter reservations…" {...field} />}
        narrowed={narrowed('No reservation is like that')}
        empty={
          <Empty title="No name is reserved" action={platform ? <AddReservation /> : undefined}>
            Reserve names that mislead in the wrong hands: login, admin, pay.
          </Empty>
        }
      />
    </>
  );
}

function Remove({ reservation: { id, value } }: { reservation: Reservation }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="reservation"
      which={`the reservation of ${value}`}
      title={`Stop reserving ${value}?`}
      description="Whoever holds a grant may then have such names without a review."
      options={trpc.reservations.remove.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.reservations.pathFilter()]}
      done={`${value} is no longer reserved.`}
    />
  );
}
