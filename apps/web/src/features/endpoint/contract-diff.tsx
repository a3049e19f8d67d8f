import type { FieldChange } from './contract-changes';

/** Field by field, what was and what is in its place. */
export function ContractDiff({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ul className="grid gap-1 text-sm">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="grid gap-x-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
          <span className="data text-ink-3 text-xs leading-5">{field}</span>
          <span className="data text-xs leading-5 [overflow-wrap:anywhere]">
            <del className="text-bad no-underline">{before ?? 'nothing'}</del> <span aria-hidden>→</span>
            <span className="sr-only"> became </span> <ins className="text-ok no-underline">{after ?? 'nothing'}</ins>
          </span>
        </li>
      ))}
    </ul>
  );
}
