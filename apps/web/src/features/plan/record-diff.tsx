import type { Plan } from '@hostmaster/core/contract/plan';
import { recordSetKey } from '@hostmaster/core/dns/record-set';
import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

type Change = Plan['changes'][number];
type RecordSet = NonNullable<Change['after']>;
type Line = { sign: '+' | '−' | ' '; text: string };

/** One line per record, as in a zone file: what stays, what goes, what comes. */
function lines(change: Change): Line[] {
  const of = (set: RecordSet | null, sign: Line['sign']) =>
    (set?.values ?? []).map((value): Line => ({ sign, text: `${set?.ttl ?? ''} ${change.type} ${value}` }));
  const before = of(change.before, '−');
  const after = of(change.after, '+');
  const among = (line: Line, others: readonly Line[]) => others.some((other) => other.text === line.text);
  const stays = before.filter((line) => among(line, after)).map((line): Line => ({ sign: ' ', text: line.text }));
  return [...stays, ...before.filter((line) => !among(line, after)), ...after.filter((line) => !among(line, before))];
}

/** What changes in a zone, name by name, record by record. The sign says it too, not the colour alone. */
export function RecordDiff({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="text-ink-3 text-sm">No record changes.</p>;
  return (
    <Diff>
      {changes.map((change) => (
        <li key={recordSetKey(change)}>
          <p className="px-2.5 text-ink-2">{change.name}</p>
          <ul>
            {lines(change).map((line) => (
              <DiffLine key={`${line.sign}${line.text}`} sign={line.sign} text={line.text} />
            ))}
          </ul>
        </li>
      ))}
    </Diff>
  );
}

/** Things that are new, one a line. */
export function Additions({ texts }: { texts: readonly string[] }) {
  return (
    <Diff>
      {texts.map((text) => (
        <DiffLine key={text} sign="+" text={text} />
      ))}
    </Diff>
  );
}

const Diff = ({ children }: { children: ReactNode }) => (
  <ul className="name overflow-hidden rounded-sm bg-sunken py-1.5 text-xs leading-[1.7] tracking-normal [overflow-wrap:anywhere]">
    {children}
  </ul>
);

const inks = { '+': 'text-ok', '−': 'text-bad', ' ': 'text-ink-3' } satisfies Record<Line['sign'], string>;
const said = { '+': 'adds ', '−': 'removes ', ' ': 'keeps ' } satisfies Record<Line['sign'], string>;

function DiffLine({ sign, text }: Line) {
  return (
    <li className={cn('grid grid-cols-[1rem_minmax(0,1fr)] px-2.5', inks[sign])}>
      <span aria-hidden>{sign}</span>
      <span className="min-w-0">
        <span className="sr-only">{said[sign]}</span>
        {text}
      </span>
    </li>
  );
}
