import type { AuditRow } from '@hostmaster/core/contract/audit';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { brief } from '@/lib/format/text';
import { AuditDetail } from './audit-detail';

export const auditColumns: readonly Column<AuditRow>[] = [
  { id: 'at', header: 'When', className: 'w-28 whitespace-nowrap', sort: 'desc', cell: (row) => <Time at={row.at} /> },
  { id: 'actor', header: 'Who', under: true, cell: (row) => <span className="font-[560]">{row.actor.name}</span> },
  { id: 'action', header: 'Did', fixed: true, cell: (row) => <AuditDetail row={row} /> },
  { id: 'subject', header: 'To', under: true, cell: (row) => <span className="name text-xs [overflow-wrap:anywhere]">{row.subject}</span> },
  {
    id: 'hash',
    header: 'Hash',
    className: 'max-lg:hidden',
    cell: (row) => (
      <span className="data text-ink-3" title={row.hash}>
        {brief(row.hash, 10, 0)}
      </span>
    ),
  },
  { id: 'seq', header: 'No.', className: 'text-right tabular-nums text-ink-3 max-sm:hidden', cell: (row) => row.seq },
];
