import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { cn } from '@/lib/class-names';
import { Remedy } from './remedy';

export type FieldProblem = { reason: string; remedy?: string | undefined };
export type ControlProps = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };

/** A label, its control, a hint, and everything that is wrong with it, tied together for eyes and for screen readers. */
export function Field({
  label,
  hint,
  problems = [],
  optional,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  problems?: readonly FieldProblem[];
  optional?: boolean;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const hintId = hint ? `${id}hint` : undefined;
  const problemId = problems.length > 0 ? `${id}problem` : undefined;
  return (
    <div className={cn('grid grid-cols-1 content-start gap-1.5', className)}>
      <label htmlFor={id} className="font-[560] text-sm">
        {label}
        {optional && <span className="ml-1.5 font-normal text-ink-3 text-xs">optional</span>}
      </label>
      {children({
        id,
        'aria-describedby': [problemId, hintId].filter(Boolean).join(' ') || undefined,
        'aria-invalid': problemId ? true : undefined,
      })}
      {problemId && <Problems id={problemId} problems={problems} />}
      {hint && (
        <p id={hintId} className="text-ink-3 text-xs">
          {hint}
        </p>
      )}
    </div>
  );
}

/** A label for a group of controls that are one question. */
export function FieldGroup({
  label,
  hint,
  problems = [],
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  problems?: readonly FieldProblem[];
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <fieldset className={cn('grid min-w-0 gap-1.5', className)} aria-describedby={problems.length > 0 ? id : undefined}>
      <legend className="mb-1.5 font-[560] text-sm">{label}</legend>
      {children}
      {problems.length > 0 && <Problems id={id} problems={problems} />}
      {hint && <p className="text-ink-3 text-xs">{hint}</p>}
    </fieldset>
  );
}

function Problems({ id, problems }: { id: string; problems: readonly FieldProblem[] }) {
  return (
    <ul id={id} className="grid gap-1 text-sm">
      {problems.map((problem) => (
        <li key={problem.reason} className="flex gap-1.5 text-bad">
          <CircleAlert className="mt-0.75 size-3.5 shrink-0" aria-hidden />
          <span>
            {problem.reason}{' '}
            {problem.remedy && (
              <span className="text-ink-2">
                <Remedy text={problem.remedy} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
