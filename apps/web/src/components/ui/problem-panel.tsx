import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';
import { endedSession, problemOf, type ShownProblem } from '@/lib/problem';
import { About } from './about';
import { CopyButton } from './copy-button';
import { Mark } from './mark';
import { Remedy } from './remedy';
import { SignInAgain } from './sign-in-again';

/** An error in full: what happened, every violation with its remedy, the stable code and the trace id to report. */
export function ProblemPanel({
  error,
  problem = problemOf(error),
  action,
  className,
}: {
  error?: unknown;
  problem?: ShownProblem;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div role="alert" className={cn('rounded-md border border-line border-l-3 border-l-bad bg-card px-4 py-3.5 text-sm', className)}>
      <div className="flex gap-2.5">
        <Mark state="bad" className="mt-0.75" />
        <div className="min-w-0 flex-1">
          <p className="font-[620] text-base">{problem.title}</p>
          {problem.detail !== '' && problem.detail !== problem.title && <p className="mt-0.5 text-ink-2">{problem.detail}</p>}
          {problem.violations.length > 0 ? (
            <ViolationList violations={problem.violations} />
          ) : problem.code === endedSession ? (
            <p className="mt-1.5">
              <SignInAgain />
            </p>
          ) : (
            <p className="mt-1.5">
              <b className="font-[560]">Do:</b> <Remedy text={problem.remedy} />
            </p>
          )}
          {action && <div className="mt-3 flex flex-wrap gap-2">{action}</div>}
          {(problem.code || problem.traceId) && (
            <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3 text-xs">
              {problem.code && <code className="data">{problem.code}</code>}
              {problem.traceId && (
                <span className="inline-flex items-center gap-1">
                  trace <code className="data break-all">{problem.traceId}</code>
                  <CopyButton text={problem.traceId} label="Copy the trace id" className="size-6" />
                </span>
              )}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

export function ViolationList({ violations }: { violations: ShownProblem['violations'] }) {
  return (
    <ul className="mt-2 grid gap-2">
      {violations.map((violation) => (
        <li key={`${violation.rule} ${violation.path ?? ''} ${violation.reason}`} className="min-w-0">
          <p>{violation.reason}</p>
          <p className="text-ink-2">
            <Remedy text={violation.remedy} /> <code className="data ml-1 whitespace-nowrap text-ink-3 text-xs">{violation.rule}</code>
          </p>
          <About evidence={violation.evidence} />
        </li>
      ))}
    </ul>
  );
}
