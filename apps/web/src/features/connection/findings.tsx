// What a connection test has found: each question to the server, its answer, and what to do about a no, as they come in.
import type { ChecksOfConnection } from '@hostmaster/core/contract/described';
import type { Operation } from '@hostmaster/core/contract/operation';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { Callout } from '@/components/ui/callout';
import { Mark, type MarkState } from '@/components/ui/mark';
import { Remedy } from '@/components/ui/remedy';
import { isFinished } from '@/features/operation/poll';
import { words } from '@/lib/format/text';

const found = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean().nullable(), message: z.string(), remedy: z.string().nullable() })),
});

/** What is looked at beside the checks of the kind, one by one, and how many there are is known once it is looked at. */
export type Besides = {
  /** How the names of these checks begin. */
  readonly prefix: string;
  readonly holds: string;
};

export const Untested = ({ checks, besides }: { checks: ChecksOfConnection; besides: Besides | null }) => (
  <p className="text-ink-2 text-sm">
    Tries: {[...checks.map(({ holds }) => holds), ...(besides === null ? [] : [besides.holds])].join(' · ')}
  </p>
);

const marks: Readonly<Record<Operation['trail'][number]['state'], MarkState>> = {
  done: 'ok',
  failed: 'bad',
  skipped: 'none',
  waiting: 'wait',
};

/** Whether a test ended and everything that it tried was as it should be. */
export const passed = (operation: Operation): boolean => found.safeParse(operation.result).data?.ok === true;

type FindingsProps = {
  operation: Operation;
  checks: ChecksOfConnection;
  besides: Besides | null;
  /** What to do where a test failed. */
  mend: ReactNode;
};

export function Findings({ operation, checks, besides, mend }: FindingsProps) {
  const result = found.safeParse(operation.result);
  const remedies = new Map(result.success ? result.data.checks.map((each) => [each.check, each.remedy]) : []);
  const holds = new Map(checks.map((check) => [check.name, check.holds]));
  const known = [...new Set([...holds.keys(), ...operation.trail.map((entry) => entry.step)])];
  const steps = besides === null || known.some((step) => step.startsWith(besides.prefix)) ? known : [...known, besides.holds];
  // It ends in a name, in which a hyphen is one.
  const isBeside = (step: string): boolean => besides !== null && (step === besides.holds || step.startsWith(besides.prefix));
  const current = steps.find((step) => operation.trail.every((entry) => entry.step !== step));
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2.5">
        {steps.map((step) => {
          const entry = operation.trail.findLast((each) => each.step === step);
          if (!entry && isFinished(operation)) return null;
          const state = entry ? marks[entry.state] : current === step ? 'wait' : 'none';
          const remedy = remedies.get(step);
          return (
            <li key={step} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 text-sm">
              <Mark state={state} moving={state === 'wait' && !operation.stalled} className="mt-0.75" />
              <div className="min-w-0">
                <p className="font-[560]">
                  {holds.get(step) ?? (isBeside(step) ? `${step.charAt(0).toUpperCase()}${step.slice(1)}` : words(step))}
                </p>
                {entry && <p className="break-words text-ink-2">{entry.message}</p>}
                {remedy && (
                  <p>
                    <b className="font-[560]">Do:</b> <Remedy text={remedy} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {operation.stalled && (
        <Callout state="bad" title={operation.reason}>
          Moves next: {operation.movesNext}.
        </Callout>
      )}
      {passed(operation) && <Callout state="ok" title="The connection works." />}
      {isFinished(operation) && operation.error && (
        <Callout state="bad" title={operation.error.message}>
          <Remedy text={operation.error.remedy} />
        </Callout>
      )}
      {isFinished(operation) && !passed(operation) && <p className="text-sm">{mend}</p>}
    </div>
  );
}
