import type { CheckResult } from '@hostmaster/core/contract/request';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { Callout } from '@/components/ui/callout';
import { ViolationList } from '@/components/ui/problem-panel';
import { listed, plural } from '@/lib/format/text';
import { exact } from '@/lib/format/time';
import { problemOf, type Violation } from '@/lib/problem';

/** What policy says of the name, while it is typed. Keeps its height, so that nothing jumps between two verdicts. */
export function Verdict({
  result,
  violations,
  settled,
  error,
  empty,
  change,
}: {
  result: CheckResult | undefined;
  violations: readonly Violation[];
  settled: boolean;
  error: unknown;
  empty: string;
  /** Whether a name that is there is to change. */
  change: boolean;
}) {
  const lifted = result?.decision.results.filter(({ exception }) => exception !== null) ?? [];
  const [first] = violations;
  return (
    <div aria-live="polite" aria-busy={!settled} className="min-h-11">
      {error ? (
        <Callout state="bad" title={problemOf(error).title}>
          {problemOf(error).detail}
        </Callout>
      ) : !result ? (
        <p className="rounded-md bg-sunken px-3.5 py-2.5 text-ink-3 text-sm">{empty}</p>
      ) : first?.rule === 'nothing-changes' ? (
        <Callout state="none" title="Nothing changes yet.">
          {first.reason}
        </Callout>
      ) : violations.length > 0 ? (
        <Callout
          state="bad"
          title={
            violations.length === 1
              ? 'Policy does not allow this.'
              : `Policy does not allow this, for ${plural(violations.length, 'reason')}.`
          }
        >
          <ViolationList violations={violations} />
        </Callout>
      ) : result.decision.reviews.length > 0 ? (
        <Callout
          state="wait"
          title={`You may ask for this ${change ? 'change' : 'name'}; ${listed([...new Set(result.decision.reviews.map((review) => groupWords(review.group)))])} must look at it first.`}
        >
          <ul>
            {result.decision.reviews.map((review) => (
              <li key={`${review.rule}${review.group}`}>
                {review.reason} <code className="data text-ink-3 text-xs">{review.rule}</code>
              </li>
            ))}
          </ul>
          <Lifted results={lifted} />
          <p>{result.leadTime.text}</p>
        </Callout>
      ) : (
        <Callout state="ok" title={change ? 'You may make this change.' : 'You may have this name.'}>
          <Lifted results={lifted} />
          No review needed. {result.leadTime.text}
        </Callout>
      )}
    </div>
  );
}

/** What policy would deny, and who answers for it that it does not. */
function Lifted({ results }: { results: CheckResult['decision']['results'] }) {
  if (results.length === 0) return null;
  return (
    <ul>
      {results.map(({ rule, reason, exception }) => (
        <li key={`${rule} ${reason}`}>
          {reason} An exception by {exception?.by} lifts this until {exception && exact(exception.until)}.{' '}
          <code className="data text-ink-3 text-xs">{rule}</code>
        </li>
      ))}
    </ul>
  );
}
