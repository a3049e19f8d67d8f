import { fieldWords } from '@hostmaster/core/contract/fields';
import type { FieldChange } from '@hostmaster/core/contract/plan';

/** Field by field, what was and what is in its place; of a contract with nothing before it, what it says. */
export function ContractDiff({ changes, fresh }: { changes: readonly FieldChange[]; fresh?: boolean }) {
  return (
    <ul className="grid gap-1.5 text-sm">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="grid gap-x-3 sm:grid-cols-[9.5rem_minmax(0,1fr)]">
          <span className="text-ink-2 text-xs leading-5" title={field}>
            {fieldWords(field)}
          </span>
          <span className="data text-xs leading-5 [overflow-wrap:anywhere]">
            {fresh ? (
              after
            ) : (
              <>
                <del className="text-bad no-underline">{before ?? 'nothing'}</del> <span aria-hidden>→</span>
                <span className="sr-only"> becomes </span> <ins className="text-ok no-underline">{after ?? 'nothing'}</ins>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
