'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { Status } from '@/components/ui/mark';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { Value } from '@/features/name/value';
import { plural } from '@/lib/format/text';

type Answer = EndpointDetail['answers'][number];

const columns: readonly Column<Answer>[] = [
  {
    id: 'server',
    header: 'Server',
    cell: (row) => (
      <span>
        <span className="data">{row.server}</span>{' '}
        <span className="data block text-ink-3 text-xs">
          {row.address} <span className="tabular-nums">{Math.max(1, Math.round(row.milliseconds))} ms</span>
        </span>
      </span>
    ),
  },
  {
    id: 'answer',
    header: 'Answer',
    cell: (row) => (
      <span className="data grid grid-cols-[auto_minmax(min-content,1fr)] gap-x-2">
        <span className="text-ink-3">{row.type}</span>
        <span className="min-w-20 [overflow-wrap:anywhere]">
          {(row.error ? [row.error] : row.values.length > 0 ? row.values : [row.rcode ?? 'nothing']).map((value) => (
            <Value key={value} text={value} className="block" />
          ))}
        </span>
      </span>
    ),
  },
  { id: 'ttl', header: 'TTL', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => row.ttl ?? '—' },
  { id: 'serial', header: 'Serial', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => row.serial ?? '—' },
  {
    id: 'verdict',
    header: 'Agrees',
    className: 'whitespace-nowrap',
    cell: ({ fault }) => <Status state={fault === null ? 'ok' : 'bad'}>{fault === null ? 'yes' : 'no'}</Status>,
  },
];

export function ServerAnswers({ answers, leaving }: { answers: readonly Answer[]; leaving: boolean }) {
  const agree = answers.filter((answer) => answer.fault === null).length;
  const latest = answers.reduce<string | null>((last, { observedAt }) => (last === null || observedAt > last ? observedAt : last), null);
  return (
    <Section
      title="What each server answers"
      note={
        latest && (
          <>
            {agree} of {plural(answers.length, 'answer')} as expected, asked <Time at={latest} />
          </>
        )
      }
      flush
    >
      {answers.length === 0 ? (
        <p className="px-4 pb-5 text-ink-2 text-sm sm:px-5">
          No server was asked yet; that happens once the records are {leaving ? 'removed' : 'applied'}.
        </p>
      ) : (
        <Table
          caption="Answers of the authoritative servers"
          columns={columns}
          rows={answers}
          rowKey={(row) => `${row.server}${row.address}${row.type}`}
        />
      )}
    </Section>
  );
}
