import type { CertificateRow } from '@hostmaster/core/contract/certificate';
import { Link } from '@/components/ui/link';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Hostname } from '@/features/name/hostname';
import { brief, keyWords } from '@/lib/format/text';
import { LifetimeMeter } from './lifetime-meter';
import { OnWire } from './on-wire';
import { RenewsAt } from './renewal';

export const certificateColumns: readonly Column<CertificateRow>[] = [
  {
    id: 'name',
    header: 'Name',
    fixed: true,
    cell: (row) => (
      <span>
        <Link href={`/certificates/${row.serial}`} className={rowLink}>
          <Hostname name={row.names[0] ?? row.serial} />
        </Link>
        {row.names.length > 1 && <span className="ml-1.5 text-ink-3 text-xs">and {row.names.length - 1} more</span>}
      </span>
    ),
  },
  { id: 'expiry', header: 'Left', sort: 'asc', cell: (row) => <LifetimeMeter {...row} /> },
  { id: 'state', header: 'State', under: true, cell: (row) => <OnWire certificate={row} brief /> },
  { id: 'renews', header: 'Renews', className: 'max-md:hidden', cell: (row) => <RenewsAt {...row} /> },
  { id: 'team', header: 'Team', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.team },
  { id: 'environment', header: 'Environment', className: 'max-lg:hidden', extra: true, cell: (row) => row.environment },
  { id: 'issuer', header: 'Issuer', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.issuer },
  { id: 'key', header: 'Key', className: 'max-lg:hidden whitespace-nowrap', extra: true, cell: (row) => keyWords(row.keyAlgorithm) },
  {
    id: 'serial',
    header: 'Serial',
    className: 'max-lg:hidden whitespace-nowrap',
    cell: (row) => (
      <span className="data text-ink-3" title={row.serial}>
        {brief(row.serial)}
      </span>
    ),
  },
];
