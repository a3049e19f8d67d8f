import { Section } from '@/components/ui/card';
import { PlanSteps } from '@/features/plan/what-will-happen';
import type { VerdictOfDraft } from './use-verdict';
import { cannotBeRead } from './verdict';

/** "What will happen", beside the form and in step with it. */
export function PlanAside({
  verdict,
  healthPath,
}: {
  verdict: VerdictOfDraft;
  /** What the probe asks for; null where nothing is probed. */
  healthPath: string | null;
}) {
  const { result, violations, untargeted, unreadable, settled } = verdict;
  const plan = violations.length > 0 || unreadable.length > 0 ? null : (result?.plan ?? null);
  return (
    <aside aria-label="What will happen" className="lg:sticky lg:top-7">
      <Section title="What will happen">
        <div aria-busy={!settled}>
          {plan ? (
            <PlanSteps
              plan={plan}
              preview
              untargeted={untargeted}
              {...(healthPath === null
                ? {}
                : { probe: { hostname: result?.reading?.hostname ?? '', port: result?.port ?? 443, path: healthPath } })}
            />
          ) : unreadable.length > 0 ? (
            <p className="text-ink-2 text-sm">{cannotBeRead(unreadable)} Once that is mended, what will happen is said here.</p>
          ) : violations[0]?.rule === 'nothing-changes' && untargeted ? (
            <p className="text-ink-2 text-sm">As soon as you say where the name points to, what will happen is said here.</p>
          ) : violations[0]?.rule === 'nothing-changes' ? (
            <p className="text-ink-2 text-sm">Nothing: everything is as it is in force. What you change is compared with that here.</p>
          ) : violations.length > 0 ? (
            <p className="text-ink-2 text-sm">Nothing, as it stands: the request would be refused. The form says what would mend it.</p>
          ) : (
            <p className="text-ink-2 text-sm">
              The records, the certificate and the probe that come of it, exactly as they will be made. Nothing is done before you press.
            </p>
          )}
        </div>
      </Section>
    </aside>
  );
}
