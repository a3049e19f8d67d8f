import { Prefetch } from '@/app/(portal)/prefetch';
import { ReservationList } from '@/features/reservation/reservation-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Reservations' };

export default function ReservationsPage() {
  return (
    <Prefetch queries={[trpc.reservations.list.queryOptions({})]}>
      <ReservationList />
    </Prefetch>
  );
}
