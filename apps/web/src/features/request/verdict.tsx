import type { CheckResult } from '@hostmaster/core/contract/request';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { Callout } from '@/components/ui/callout';
import { ViolationList } from '@/components/ui/problem-panel';
import { listed, plural } from '@/lib/format/text';
import { problemOf, type Violation } from '@/lib/problem';

/** What policy says of the name, while it is typed. Keeps its height, so that nothing jumps between two verdicts. */
export function Verdict({
  result,
  violations,
  settled,
  error,
  empty,
  may,
}: {
  result: CheckResult | undefined;
  violations: readonly Violation[];
  settled: boolean;
  error: unknown;
  empty: string;
  /** What is said when policy has nothing against it. */
  may: string;
}) {
  return (
    <div aria-live="polite" aria-busy={!settled} className="min-h-11">
      {error ? (
        <Callout state="bad" title={problemOf(error).title}>
          {problemOf(error).detail}
        </Callout>
      ) : !result ? (
        <p className="rounded-md bg-sunken px-3.5 py-2.5 text-ink-3 text-sm">{empty}</p>
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
          title={`You may ask for this name; ${listed([...new Set(result.decision.reviews.map((review) => groupWords(review.group)))])} must look at it first.`}
        >
          <ul>
            {result.decision.reviews.map((review) => (
              <li key={`${review.rule}${review.group}`}>
                {review.reason} <code className="data text-ink-3 text-xs">{review.rule}</code>
              </li>
            ))}
          </ul>
          <p>{result.leadTime.text}</p>
        </Callout>
      ) : (
        <Callout state="ok" title={may}>
          No review needed. {result.leadTime.text}
        </Callout>
      )}
    </div>
  );
}
