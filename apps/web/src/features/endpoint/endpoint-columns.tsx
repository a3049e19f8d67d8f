import { type EndpointRow, endpointSortOrders } from '@hostmaster/core/contract/endpoint-view';
import { shownState } from '@hostmaster/core/endpoint/broken';
import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { LifetimeMeter } from '@/features/certificate/lifetime-meter';
import { ChainDots } from '@/features/chain/chain-dots';
import { Hostname } from '@/features/name/hostname';
import { stateMarks, wordOf } from './words';

export const endpointColumns: readonly Column<EndpointRow>[] = [
  {
    id: 'hostname',
    header: 'Name',
    sort: endpointSortOrders.hostname,
    fixed: true,
    cell: (row) => (
      <span className="flex items-baseline gap-2">
        <Link href={`/endpoints/${row.id}`} className={rowLink}>
          <Hostname name={row.unicode} zone={row.zone} />
        </Link>
        {row.view !== 'public' && <Badge>{row.view}</Badge>}
      </span>
    ),
  },
  { id: 'chain', header: 'Chain', className: 'w-28', under: true, cell: (row) => <ChainDots chain={row.chain} /> },
  {
    id: 'state',
    header: 'State',
    cell: (row) => (
      <Status state={stateMarks[shownState(row)]} moving={shownState(row) === 'pending'}>
        {row.summary || wordOf(row)}
      </Status>
    ),
  },
  {
    id: 'expiry',
    header: 'Certificate',
    className: 'max-md:hidden',
    sort: endpointSortOrders.expiry,
    cell: (row) => (row.certificate ? <LifetimeMeter {...row.certificate} /> : <span className="text-ink-3">none</span>),
  },
  { id: 'team', header: 'Team', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.team },
  { id: 'environment', header: 'Environment', className: 'max-lg:hidden', extra: true, cell: (row) => row.environment },
  { id: 'zone', header: 'Zone', className: 'max-lg:hidden', extra: true, cell: (row) => <span className="name text-xs">{row.zone}</span> },
  {
    id: 'checked',
    header: 'Checked',
    className: 'text-right text-ink-2 max-lg:hidden',
    extra: true,
    cell: (row) => (row.checkedAt ? <Time at={row.checkedAt} bare /> : <span className="text-ink-3">never</span>),
  },
  {
    id: 'changed',
    header: 'Changed',
    className: 'text-right text-ink-2 max-lg:hidden',
    sort: endpointSortOrders.changed,
    cell: (row) => <Time at={row.changedAt} bare />,
  },
];
