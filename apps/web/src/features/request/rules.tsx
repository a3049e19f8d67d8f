import type { Request } from '@hostmaster/core/contract/request';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { Mark, type MarkState } from '@/components/ui/mark';
import { plural } from '@/lib/format/text';
import { exact } from '@/lib/format/time';

type Result = Request['decision']['results'][number];

const marks = { pass: 'ok', review: 'wait', deny: 'bad' } satisfies Record<Result['outcome'], MarkState>;
const outcomeWords = { pass: 'passes', review: 'needs a review', deny: 'denies' } satisfies Record<Result['outcome'], string>;

/** The policy's evidence: what asks for a review first, and what somebody answers for; what passed by itself is folded away when it is long. */
export function Rules({ results }: { results: readonly Result[] }) {
  const open = ({ outcome, exception }: Result): boolean => outcome !== 'pass' || exception !== null;
  const asking = results.filter(open);
  const passed = results.filter((result) => !open(result));
  const folded = passed.length > 4;
  return (
    <div className="grid gap-3">
      {asking.length > 0 && <RuleList results={asking} />}
      {folded ? (
        <details className="text-sm">
          <summary className="rounded-sm text-ink-2 hover:text-ink">
            {plural(passed.length, asking.length > 0 ? 'other rule' : 'rule')} passed
          </summary>
          <div className="pt-3">
            <RuleList results={passed} />
          </div>
        </details>
      ) : (
        <RuleList results={passed} />
      )}
    </div>
  );
}

function RuleList({ results }: { results: readonly Result[] }) {
  return (
    <ul className="grid gap-2.5">
      {results.map((result) => (
        <li
          key={`${result.rule} ${result.reason}`}
          className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 text-sm sm:grid-cols-[1rem_10rem_minmax(0,1fr)]"
        >
          <Mark state={result.exception ? 'wait' : marks[result.outcome]} className="mt-0.5" />
          <code className="data break-words font-[560]">
            {result.rule}
            <span className="sr-only"> {result.exception ? 'is lifted by an exception' : outcomeWords[result.outcome]}</span>
          </code>
          <p className="text-ink-2 max-sm:col-start-2">
            {result.reason}
            {result.exception && (
              <span className="text-ink">
                {' '}
                An exception lifts this: recorded by {result.exception.by} until {exact(result.exception.until)}: {result.exception.reason}
              </span>
            )}
            {result.group && <span className="text-ink"> For {groupWords(result.group)} to decide.</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
