// Long work, step by step, as it happens: what is done, where it is now, why it waits, who moves next and when it tries again.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { EndpointStep, ZoneStep } from '@hostmaster/core/operation/purpose';
import { lastWord, reachedAt } from '@hostmaster/core/operation/trail';
import { Mark, type MarkState } from '@/components/ui/mark';
import { Remedy } from '@/components/ui/remedy';
import { Time } from '@/components/ui/time';
import { cn } from '@/lib/class-names';
import { grouped, plural, words } from '@/lib/format/text';
import { isFinished } from './poll';

const stepWords: Readonly<Record<EndpointStep | ZoneStep, string>> = {
  admitted: 'Admitted',
  'given-back': 'Given back',
  'records-applied': 'Records applied',
  'records-verified': 'Verified on every server',
  'certificate-issued': 'Certificate issued',
  'certificate-delivered': 'Handed to where TLS ends',
  'certificate-served': 'Certificate served',
  'certificate-revoked': 'Certificate revoked',
  reachable: 'Health path answers',
  withdrawn: 'Withdrawn',
  read: 'Zone read',
  checked: 'Connection tested',
};

const titleOf = (step: string): string => new Map<string, string>(Object.entries(stepWords)).get(step) ?? words(step);

/** How much of the step at hand is done, where that is counted. */
export const countText = ({ done, total, unit }: NonNullable<Operation['progress']>): string =>
  total === null ? `${grouped(done)} ${unit} so far` : `${grouped(done)} of ${grouped(total)} ${unit}`;

type Shown = { step: string; title: string; state: MarkState; word: string; message: string | null; at: string | null; current: boolean };

/** Each step once, with the newest word on it; what was done once and was not so later says both. */
export function shownSteps(operation: Pick<Operation, 'steps' | 'step' | 'state' | 'trail' | 'reason' | 'progress' | 'stalled'>): Shown[] {
  const { trail } = operation;
  const all = [...new Set([...operation.steps, ...trail.map((entry) => entry.step)])];
  const over = isFinished(operation);
  return all.map((step) => {
    const entry = lastWord(trail, step);
    const reached = reachedAt(trail, step);
    const base = { step, title: titleOf(step), message: entry?.message ?? null, at: reached?.at ?? null, current: false };
    if (entry?.state === 'done') return { ...base, state: 'ok', word: 'done' };
    if (entry?.state === 'skipped') return { ...base, state: 'none', word: 'not needed' };
    if (entry?.state === 'failed') return { ...base, state: 'bad', word: 'failed' };
    const now = operation.progress === null || operation.stalled ? operation.reason : `${countText(operation.progress)}.`;
    if (step === operation.step && !over) return { ...base, state: 'wait', word: 'now', message: now, current: true };
    if (reached) return { ...base, state: 'wait', word: 'done once, and not so any more' };
    if (entry) return { ...base, state: over ? 'none' : 'wait', word: over ? 'begun, and not done' : 'begun' };
    return { ...base, state: 'none', word: over ? 'not reached' : 'to come' };
  });
}

export function Progress({ operation }: { operation: Operation }) {
  const steps = shownSteps(operation);
  const start = new Date(operation.createdAt).getTime();
  return (
    <div>
      <ol aria-label="Steps" className="grid">
        {steps.map((shown, index) => (
          <li key={shown.step} className="relative grid grid-cols-[1.25rem_1fr_auto] gap-x-3 pb-3.5 last:pb-0">
            <Mark state={shown.state} moving={shown.current && !operation.stalled} className="relative z-1 mt-px size-5" />
            {index < steps.length - 1 && (
              <span
                aria-hidden
                className={cn(
                  'absolute top-6 bottom-0.5 left-2.25 w-0 border-l-2',
                  shown.state === 'ok' ? 'border-ok' : 'border-line-strong border-dashed',
                )}
              />
            )}
            <div className="min-w-0">
              <p className={cn('font-[560]', shown.state === 'none' && 'font-normal text-ink-3')}>
                {shown.title} <span className="sr-only">{shown.word}</span>
              </p>
              {shown.message && (
                <p className={cn('text-sm [overflow-wrap:anywhere]', shown.state === 'bad' ? 'text-bad' : 'text-ink-2')}>{shown.message}</p>
              )}
            </div>
            {shown.at && shown.state === 'ok' && (
              <span className="pt-0.5 text-ink-3 text-xs tabular-nums">{sinceStart(shown.at, start)}</span>
            )}
          </li>
        ))}
      </ol>
      {!isFinished(operation) && <Waiting operation={operation} />}
      {operation.error && operation.state !== 'superseded' && (
        <div className="mt-4 rounded-md bg-bad-soft px-3.5 py-2.5 text-sm">
          <p className="font-[560] [overflow-wrap:anywhere]">{operation.error.message}</p>
          <p className="text-ink-2">
            <b className="font-[560] text-ink">Do:</b> <Remedy text={operation.error.remedy} />{' '}
            <code className="data text-ink-3 text-xs">{operation.error.code}</code>
          </p>
        </div>
      )}
    </div>
  );
}

/** "+0.4 s" after the work began. */
function sinceStart(at: string, start: number): string {
  const seconds = Math.max(0, new Date(at).getTime() - start) / 1000;
  return seconds < 100 ? `+${seconds.toFixed(1)} s` : `+${Math.round(seconds / 60)} min`;
}

function Waiting({ operation }: { operation: Operation }) {
  return (
    <p className="mt-4 flex flex-wrap gap-x-4 gap-y-0.5 border-line border-t pt-3 text-ink-3 text-xs">
      <span>
        Moves next: <b className="font-[560] text-ink-2">{operation.movesNext}</b>
      </span>
      {operation.nextAttempt && !operation.stalled && (
        <span>
          Next attempt <Time at={operation.nextAttempt} />
        </span>
      )}
      {operation.attempts > 1 && <span>{plural(operation.attempts, 'attempt')}</span>}
    </p>
  );
}
