'use client';
// Test connection: each question to the name server, its answer, and what to do about a no, as they come in.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { DnsProviderRow, ZoneRow } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Section } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import { Mark } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Remedy } from '@/components/ui/remedy';
import { isFinished, isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { words } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useProvider } from './use-provider';

const found = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), message: z.string(), remedy: z.string().nullable() })),
});

type Checks = DnsProviderRow['checks'];

export function TestConnection({ zone }: { zone: Pick<ZoneRow, 'id' | 'connection'> }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const checks = useProvider(zone.connection.kind)?.checks ?? [];
  const [operation, setOperation] = useState<Operation | null>(null);
  const test = useMutation(trpc.zones.test.mutationOptions({ onSuccess: setOperation }));
  // A test that passed takes back what the last reading met, and has the zone read.
  const live = useLiveOperation(
    operation,
    useCallback(() => void queries.invalidateQueries(trpc.zones.pathFilter()), [queries, trpc]),
  );
  const working = test.isPending || (live !== null && isMoving(live));
  return (
    <Section
      title="Test connection"
      action={
        <Button size="sm" busy={working && 'Asking the name server…'} onClick={() => test.mutate({ id: zone.id })}>
          {live ? 'Test again' : 'Test connection'}
        </Button>
      }
    >
      <div aria-live="polite">
        {test.error ? (
          <ProblemPanel error={test.error} />
        ) : live ? (
          <Findings
            operation={live}
            checks={checks}
            mend={
              <>
                Where what was typed is wrong, <TextLink href={`/zones/${zone.id}/edit`}>change where the zone is kept</TextLink> and test
                again.
              </>
            }
          />
        ) : (
          <Untested checks={checks} />
        )}
      </div>
    </Section>
  );
}

/** Beside what the kind of provider checks. */
const everyServer = 'Every server is authoritative';

const Untested = ({ checks }: { checks: Checks }) => (
  <p className="text-ink-2 text-sm">Tries: {[...checks.map(({ holds }) => holds), everyServer].join(' · ')}</p>
);

/** Whether a test ended and everything that it tried was as it should be. */
export const passed = (operation: Operation): boolean => found.safeParse(operation.result).data?.ok === true;

/** @param mend what to do where a test failed */
export function Findings({ operation, checks, mend }: { operation: Operation; checks: Checks; mend: ReactNode }) {
  const result = found.safeParse(operation.result);
  const remedies = new Map(result.success ? result.data.checks.map((each) => [each.check, each.remedy]) : []);
  const holds = new Map(checks.map((check) => [check.name, check.holds]));
  const known = [...new Set([...holds.keys(), ...operation.trail.map((entry) => entry.step)])];
  // How many servers there are is known once they were asked.
  const steps = known.some((step) => step.startsWith('server ')) ? known : [...known, everyServer];
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
              <Mark state={state} moving={state === 'wait' && !operation.stalled} className="mt-0.75" />
              <div className="min-w-0">
                <p className="font-[560]">{holds.get(step) ?? (step === everyServer ? step : words(step))}</p>
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
