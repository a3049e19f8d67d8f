import type { RequestRow } from '@hostmaster/core/contract/request';
import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { Hostname } from '@/features/name/hostname';
import { kindWords, stageMarks, stageWords } from './words';

export const requestColumns: readonly Column<RequestRow>[] = [
  {
    id: 'name',
    header: 'Name',
    fixed: true,
    cell: (row) => (
      <Link href={`/requests/${row.id}`} className={rowLink}>
        <Hostname name={row.unicode} />
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    under: true,
    cell: (row) => (
      <div className="grid gap-0.5">
        <Status state={stageMarks[row.stage]}>{stageWords[row.stage]}</Status>
        {row.summary !== `${stageWords[row.stage]}.` && <span className="line-clamp-2 text-ink-3 text-xs">{row.summary}</span>}
      </div>
    ),
  },
  {
    id: 'kind',
    header: 'Asks for',
    className: 'whitespace-nowrap max-md:hidden',
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5">
        {kindWords[row.kind]} {row.view !== 'public' && <Badge>{row.view}</Badge>}
      </span>
    ),
  },
  {
    id: 'requester',
    header: 'Asked by',
    className: 'whitespace-nowrap max-lg:hidden',
    cell: (row) => (
      <span>
        {row.requester} <span className="text-ink-3">{row.team}</span>
      </span>
    ),
  },
  { id: 'number', header: 'No.', className: 'text-right tabular-nums text-ink-3 max-lg:hidden', extra: true, cell: (row) => row.number },
  {
    id: 'asked',
    header: 'Asked',
    className: 'whitespace-nowrap text-right',
    sort: 'desc',
    cell: (row) => <Time at={row.createdAt} />,
  },
];
