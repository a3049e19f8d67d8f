import type { CheckResult } from '@hostmaster/core/contract/request';
import { groupWords } from '@hostmaster/core/policy/review-group';
import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';
import { ViolationList } from '@/components/ui/problem-panel';
import { SignInAgain } from '@/components/ui/sign-in-again';
import { listed, plural } from '@/lib/format/text';
import { exact } from '@/lib/format/time';
import { endedSession, problemOf, type Violation } from '@/lib/problem';

type Props = {
  result: CheckResult | undefined;
  violations: readonly Violation[];
  /** Those of them that no other field says. */
  ofName: readonly Violation[];
  /** Fields that cannot be read yet, by name: what policy says is not of them. */
  unreadable: readonly string[];
  /** Nobody said where the name leads, or not so that it can be read. */
  untargeted: boolean;
  /** How many fields of the form say what is wrong. */
  marked: number;
  settled: boolean;
  error: unknown;
  empty: string;
  /** Whether the name is still being typed and no zone holds it so far: nothing is wrong yet. */
  unfinished: boolean;
  /** Whether a name that is there is to change. */
  change: boolean;
  /** What could be asked for instead. */
  instead: ReactNode;
};

/** What policy says of the name, while it is typed. Keeps its height, so that nothing jumps between two verdicts. */
export const Verdict = (props: Props) => (
  <div aria-live="polite" aria-busy={!props.settled} className="min-h-11">
    <Said {...props} />
  </div>
);

const Quiet = ({ children }: { children: ReactNode }) => (
  <p className="rounded-md bg-sunken px-3.5 py-2.5 text-ink-3 text-sm">{children}</p>
);

/** "Port and Time to live cannot be read." */
export const cannotBeRead = (fields: readonly string[]): string => `${listed(fields)} cannot be read.`;

function Said({ result, violations, ofName, unreadable, untargeted, marked, error, empty, unfinished, change, instead }: Props) {
  if (error) return <Failed error={error} />;
  if (!result) return <Quiet>{empty}</Quiet>;
  if (unfinished) return <Quiet>No zone of this Hostmaster holds the name so far.</Quiet>;
  const [first] = violations;
  // The rest is as it was, or may be had: whether all of it is, nobody knows before the field can be read.
  if (unreadable.length > 0 && (violations.length === 0 || first?.rule === 'nothing-changes'))
    return <Quiet>{cannotBeRead(unreadable)} Once that is mended, the verdict stands here.</Quiet>;
  if (first?.rule === 'nothing-changes' && untargeted) return <Quiet>Where the name points to is not said yet.</Quiet>;
  if (first?.rule === 'nothing-changes')
    return (
      <Callout state="none" title="Nothing changes yet.">
        {first.reason}
      </Callout>
    );
  if (violations.length > 0) return <Denied marked={marked} ofName={ofName} instead={instead} />;
  const { reviews, results } = result.decision;
  // How soon it is live is no question while something is to be mended before it can be asked for.
  const soon = marked === 0 ? result.leadTime.text : toMend(marked);
  const lifted = results.filter(({ exception }) => exception !== null);
  if (reviews.length === 0)
    return (
      <Callout state="ok" title={change ? 'You may make this change.' : 'You may have this name.'}>
        <Lifted results={lifted} />
        No review needed. {soon}
      </Callout>
    );
  const groups = listed([...new Set(reviews.map((review) => groupWords(review.group)))]);
  return (
    <Callout state="wait" title={`You may ask for this ${change ? 'change' : 'name'}; ${groups} must look at it first.`}>
      <ul>
        {reviews.map((review) => (
          <li key={`${review.rule}${review.group}`}>
            {review.reason} <code className="data text-ink-3 text-xs">{review.rule}</code>
          </li>
        ))}
      </ul>
      <Lifted results={lifted} />
      <p>{soon}</p>
    </Callout>
  );
}

const toMend = (marked: number): string => `${plural(marked, 'field')} below ${marked === 1 ? 'says' : 'say'} what is to be mended first.`;

function Denied({ marked, ofName, instead }: Pick<Props, 'marked' | 'ofName' | 'instead'>) {
  if (ofName.length === 0)
    return (
      <Callout state="bad" title="Policy does not allow this as it stands.">
        {plural(marked, 'field')} below {marked === 1 ? 'says' : 'say'} why, and what would mend it.
      </Callout>
    );
  const reasons = ofName.length === 1 ? '.' : `, for ${plural(ofName.length, 'reason')}.`;
  return (
    <Callout state="bad" title={`Policy does not allow this${reasons}`}>
      <ViolationList violations={ofName} />
      {instead}
    </Callout>
  );
}

function Failed({ error }: { error: unknown }) {
  const { code, title, detail } = problemOf(error);
  return (
    <Callout state="bad" title={title}>
      {detail} {code === endedSession && <SignInAgain />}
    </Callout>
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
