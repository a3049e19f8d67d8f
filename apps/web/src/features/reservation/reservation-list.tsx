'use client';
import type { ReservationInput } from '@hostmaster/core/contract/governance';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { type Column, Table } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { isPlatform, useMe } from '@/features/account/use-me';
import { groupWords } from '@/features/request/words';
import { useTRPC } from '@/lib/trpc';
import { AddReservation } from './add-reservation';

type Reservation = Omit<ReservationInput, 'group'> & { id: string; group: string; createdAt: string };

const kindWords = {
  exact: 'this name',
  label: 'the label, anywhere',
  suffix: 'everything under it',
} satisfies Record<Reservation['kind'], string>;

const columns: readonly Column<Reservation>[] = [
  { id: 'value', header: 'Reserved', cell: (row) => <span className="name font-[560]">{row.value}</span> },
  { id: 'kind', header: 'Means', cell: (row) => <Badge>{kindWords[row.kind]}</Badge> },
  { id: 'group', header: 'Reviewed by', className: 'max-sm:hidden', cell: (row) => groupWords(row.group) },
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

export function ReservationList() {
  const me = useMe();
  const trpc = useTRPC();
  const { rows } = useSuspenseQuery({ ...trpc.reservations.list.queryOptions(), refetchInterval: 15_000 }).data;
  const platform = isPlatform(me);
  return (
    <>
      <PageHeader
        title="Reservations"
        sub={<p>Names that somebody must look at before anybody gets them.</p>}
        actions={platform ? <AddReservation /> : undefined}
      />
      <Card className="overflow-clip">
        {rows.length === 0 ? (
          <Empty title="No name is reserved" action={platform ? <AddReservation /> : undefined}>
            Reserve names that mislead in the wrong hands: login, admin, pay.
          </Empty>
        ) : (
          <Table caption="Reservations" columns={platform ? [...columns, removeColumn] : columns} rows={rows} rowKey={(row) => row.id} />
        )}
      </Card>
    </>
  );
}

function Remove({ reservation }: { reservation: Reservation }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.reservations.remove.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries(trpc.reservations.pathFilter());
        toast.success(`${reservation.value} is no longer reserved.`);
      },
    }),
  );
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" look="bare" aria-label={`Remove the reservation of ${reservation.value}`}>
          Remove
        </Button>
      }
      title={`Stop reserving ${reservation.value}?`}
      description="Whoever holds a grant may then have such names without a review."
      confirm="Remove the reservation"
      keep="Keep it"
      busy={remove.isPending && 'Removing…'}
      error={remove.error}
      onConfirm={() => remove.mutate({ id: reservation.id })}
    />
  );
}
