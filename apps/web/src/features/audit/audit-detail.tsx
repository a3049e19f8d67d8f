'use client';
import type { AuditRow } from '@hostmaster/core/contract/audit';
import type { Route } from 'next';
import { Fact, Facts } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { Dialog } from '@/components/ui/dialog';
import { TextLink } from '@/components/ui/link';
import { rowLink } from '@/components/ui/table';
import { exact } from '@/lib/format/time';

/** Where what it was done to is shown, which may be gone since; null for what has no page of its own. */
function pageOf({ subjectKind, subjectId, detail: { serial } }: AuditRow): string | null {
  switch (subjectKind) {
    case 'endpoint':
      return `/endpoints/${subjectId}`;
    case 'request':
      return `/requests/${subjectId}`;
    case 'zone':
      return `/zones/${subjectId}`;
    case 'certificate':
      return typeof serial === 'string' ? `/certificates/${encodeURIComponent(serial)}` : null;
    default:
      return null;
  }
}

function Subject({ row }: { row: AuditRow }) {
  const page = pageOf(row);
  const name = <span className="name break-all text-xs">{row.subject}</span>;
  return page === null ? name : <TextLink href={page as Route}>{name}</TextLink>;
}

/** The action of an event, and all of the event behind it. */
export function AuditDetail({ row }: { row: AuditRow }) {
  return (
    <Dialog
      wide
      title={row.action}
      description={`Event ${row.seq}, ${exact(row.at)}`}
      trigger={
        <button type="button" className={`data text-left ${rowLink}`}>
          {row.action}
        </button>
      }
    >
      <Facts>
        <Fact name="Who">
          {row.actor.name} <span className="text-ink-3">{row.actor.kind}</span>{' '}
          <span className="data break-all text-ink-3 text-xs">{row.actor.id}</span>
        </Fact>
        {row.from && (
          <Fact name="From">
            <span className="data break-all">{row.from.address}</span>
            {row.from.sessionId && <span className="data break-all text-ink-3 text-xs"> session {row.from.sessionId}</span>}
          </Fact>
        )}
        <Fact name="To">
          <Subject row={row} /> <span className="text-ink-3">{row.subjectKind}</span>
        </Fact>
        <Fact name="Hash" mono>
          <span className="break-all text-xs">{row.hash}</span>
        </Fact>
        <Fact name="Follows" mono>
          <span className="break-all text-xs">{row.previous}</span>
        </Fact>
      </Facts>
      {Object.keys(row.detail).length > 0 && <Code text={JSON.stringify(row.detail, null, 2)} label="the detail" className="mt-4" />}
    </Dialog>
  );
}
