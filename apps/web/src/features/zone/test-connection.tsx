'use client';
// Test connection: each question to the name server, its answer, and what to do about a no, as they come in.
import type { Operation } from '@hostmaster/core/contract/operation';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Section } from '@/components/ui/card';
import { Mark } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { isFinished } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { words } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';

const found = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), message: z.string(), remedy: z.string().nullable() })),
});

const questions: Readonly<Record<string, string>> = {
  soa: 'The primary answers for the zone',
  transfer: 'The zone can be read (AXFR)',
  update: 'The key may update',
};

export function TestConnection({ zoneId, started }: { zoneId: string; started?: Operation }) {
  const trpc = useTRPC();
  const [operation, setOperation] = useState<Operation | null>(started ?? null);
  const test = useMutation(trpc.zones.test.mutationOptions({ onSuccess: setOperation }));
  const live = useLiveOperation(
    operation,
    useCallback(() => {}, []),
  );
  const working = test.isPending || (live !== null && !isFinished(live));
  return (
    <Section
      title="Test connection"
      action={
        <Button size="sm" busy={working && 'Asking the name server…'} onClick={() => test.mutate({ id: zoneId })}>
          {live ? 'Test again' : 'Test connection'}
        </Button>
      }
    >
      <div aria-live="polite">{test.error ? <ProblemPanel error={test.error} /> : live ? <Findings operation={live} /> : <Untested />}</div>
    </Section>
  );
}

const Untested = () => (
  <p className="text-ink-2 text-sm">Asks for the SOA, reads the zone, writes a test record and takes it back, and asks every server.</p>
);

function Findings({ operation }: { operation: Operation }) {
  const result = found.safeParse(operation.result);
  const remedies = new Map(result.success ? result.data.checks.map((each) => [each.check, each.remedy]) : []);
  const steps = [...new Set([...Object.keys(questions), ...operation.trail.map((entry) => entry.step)])];
  const current = steps.find((step) => operation.trail.every((entry) => entry.step !== step));
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2.5">
        {steps.map((step) => {
          const entry = operation.trail.findLast((each) => each.step === step);
          if (!entry && isFinished(operation)) return null;
          const state = entry?.state === 'done' ? 'ok' : entry?.state === 'failed' ? 'bad' : current === step ? 'wait' : 'none';
          const remedy = remedies.get(step);
          return (
            <li key={step} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 text-sm">
              <Mark state={state} moving={state === 'wait'} className="mt-0.75" />
              <div className="min-w-0">
                <p className="font-[560]">{questions[step] ?? words(step)}</p>
                {entry && <p className="break-words text-ink-2">{entry.message}</p>}
                {remedy && (
                  <p>
                    <b className="font-[560]">Do:</b> {remedy}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {result.success && result.data.ok && <Callout state="ok" title="The connection works." />}
      {isFinished(operation) && operation.error && (
        <Callout state="bad" title={operation.error.message}>
          {operation.error.remedy}
        </Callout>
      )}
    </div>
  );
}
