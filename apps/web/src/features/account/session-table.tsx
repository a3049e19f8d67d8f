'use client';
import type { Person } from '@hostmaster/core/contract/person';
import type { ReactNode } from 'react';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';

type Session = Person['sessions'][number];

const howWords = { password: 'with a password', oidc: 'through the identity provider' } as const;

/** Sessions that count. @param last what stands at the end of a row */
export function SessionTable<Row extends Session>({
  sessions,
  last,
}: {
  sessions: readonly Row[];
  last?: { header: string; cell: (row: Row) => ReactNode };
}) {
  const columns: readonly Column<Row>[] = [
    {
      id: 'browser',
      header: 'Browser',
      fixed: true,
      cell: (row) => (
        <>
          <span className="font-[560]">{row.browser ?? 'A browser that is not known'}</span>
          {row.method && <span className="block text-ink-3 text-xs">{howWords[row.method]}</span>}
        </>
      ),
    },
    { id: 'began', header: 'Signed in', under: true, className: 'whitespace-nowrap', cell: (row) => <Time at={row.startedAt} /> },
    {
      id: 'until',
      header: 'Expires',
      className: 'whitespace-nowrap max-sm:hidden',
      cell: (row) => <Time at={row.endsAt} />,
    },
    ...(last
      ? [{ id: 'last', header: last.header, quiet: true, fixed: true, className: 'text-right whitespace-nowrap', cell: last.cell }]
      : []),
  ];
  return <Table caption="Sessions" columns={columns} rows={sessions} rowKey={(row) => row.id} />;
}
