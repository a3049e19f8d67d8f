import type { Plan } from '@hostmaster/core/contract/request';
import { cn } from '@/lib/class-names';

type Change = Plan['changes'][number];
type RecordSet = NonNullable<Change['after']>;
type Line = { sign: '+' | '−'; name: string; text: string };

/** One line per record, removed ones before added ones, as in a zone file. */
function lines(change: Change): Line[] {
  const of = (set: RecordSet | null, sign: Line['sign']) =>
    (set?.values ?? []).map((value): Line => ({ sign, name: change.name, text: `${set?.ttl ?? ''} ${change.type} ${value}` }));
  const before = of(change.before, '−');
  const after = of(change.after, '+');
  const same = (line: Line, others: readonly Line[]) => others.some((other) => other.text === line.text);
  return [...before.filter((line) => !same(line, after)), ...after.filter((line) => !same(line, before))];
}

/** What changes in a zone, record by record. The sign says it too, not the colour alone. */
export function RecordDiff({ changes, extra = [] }: { changes: readonly Change[]; extra?: readonly string[] }) {
  const all = changes.flatMap(lines);
  if (all.length === 0 && extra.length === 0) return <p className="text-ink-3 text-sm">No record changes.</p>;
  return (
    <ul className="name overflow-hidden rounded-sm bg-sunken py-1.5 text-xs leading-[1.7] tracking-normal">
      {all.map((line) => (
        <DiffLine key={`${line.sign}${line.name}${line.text}`} sign={line.sign}>
          {line.name} <span className="opacity-80">{line.text}</span>
        </DiffLine>
      ))}
      {extra.map((text) => (
        <DiffLine key={text} sign="+">
          {text}
        </DiffLine>
      ))}
    </ul>
  );
}

function DiffLine({ sign, children }: { sign: Line['sign']; children: React.ReactNode }) {
  return (
    <li className={cn('grid grid-cols-[1.25rem_1fr] px-2', sign === '+' ? 'text-ok' : 'text-bad')}>
      <span aria-hidden>{sign}</span>
      <span className="min-w-0">
        <span className="sr-only">{sign === '+' ? 'adds ' : 'removes '}</span>
        {children}
      </span>
    </li>
  );
}
