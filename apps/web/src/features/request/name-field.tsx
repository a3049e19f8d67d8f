'use client';
// The hostname, and beneath it how it reads and whether it may be had.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { useLayoutEffect, useRef } from 'react';
import { type Control, Controller, useWatch } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { NameTitle } from '@/features/name/hostname';
import { RulerLegend } from '@/features/name/name-ruler';
import type { ProblemsAt } from '@/lib/field-problems';
import type { Violation } from '@/lib/problem';
import { useAlive } from '@/lib/use-alive';
import { useDebounced } from '@/lib/use-debounced';
import type { FormValues } from './form-values';
import { NameInput } from './name-input';
import { OwnSuffixes } from './own-suffixes';
import type { VerdictOfDraft } from './use-verdict';
import { Verdict } from './verdict';

type Props = {
  control: Control<FormValues>;
  change: { contract: EndpointContract; zone: string } | undefined;
  team: string;
  verdict: VerdictOfDraft;
  ofName: readonly Violation[];
  /** How many fields say what is wrong. */
  marked: number;
  at: ProblemsAt;
  setHostname: (hostname: string) => void;
  /** It was sent and refused: whoever did so has finished the name. */
  refused: boolean;
};

const pauseMilliseconds = 1000;

export function NameField({ control, change, team, verdict, ofName, marked, at, setHostname, refused }: Props) {
  const { result, violations, unreadable, untargeted, settled, error, named } = verdict;
  const hostname = useWatch({ control, name: 'hostname' });
  // A name that no zone holds may be half of one that a zone does, until whoever types pauses. Not until they leave the field:
  // what they press then would move away under the pointer.
  const pausing = useDebounced(hostname, pauseMilliseconds) === hostname;
  const unfinished = !pausing && !refused && !change && result?.reading?.zone === null;
  return (
    <>
      {change ? (
        <div>
          <p className="font-[560] text-sm">Hostname</p>
          <NameTitle name={change.contract.hostname} zone={change.zone} />
        </div>
      ) : (
        <HostnameInput control={control} verdict={verdict} unfinished={unfinished} at={at} />
      )}
      <div className="-mt-2 grid grid-cols-1 gap-3.5">
        {result?.reading && named && <RulerLegend reading={result.reading} team={team} />}
        <Verdict
          result={result}
          violations={violations}
          unreadable={unreadable}
          untargeted={untargeted}
          marked={marked}
          settled={settled}
          error={error}
          ofName={ofName}
          unfinished={unfinished}
          instead={
            !change &&
            ofName.some(({ rule }) => lacksGrant.includes(rule)) && <OwnSuffixes team={team} hostname={hostname} choose={setHostname} />
          }
          change={change !== undefined}
          empty="Whether you may have the name, who owns its zone and how long it takes is said here while you type."
        />
      </div>
    </>
  );
}

/** Rules that another name of one's own would satisfy. */
const lacksGrant: readonly string[] = ['suffix-granted', 'managed-zone'];

function HostnameInput({
  control,
  verdict: { result, violations },
  unfinished,
  at,
}: Pick<Props, 'control' | 'verdict' | 'at'> & { unfinished: boolean }) {
  const wrong = !unfinished && violations.some(({ path }) => path === 'contract.hostname');
  const frame = useRef<HTMLDivElement>(null);
  // Whoever comes here comes to name something. Before the page is painted: what is typed as soon as the field is seen goes into it.
  const alive = useAlive();
  useLayoutEffect(() => {
    if (alive) frame.current?.querySelector('input')?.focus();
  }, [alive]);
  return (
    <Field label="Hostname" problems={result ? [] : at('hostname')}>
      {(props) => (
        <div ref={frame}>
          <Controller
            control={control}
            name="hostname"
            render={({ field }) => (
              <NameInput
                {...props}
                {...field}
                aria-invalid={wrong || props['aria-invalid']}
                zone={result?.reading?.zone?.apex ?? null}
                granted={result?.reading?.granted?.suffix ?? null}
                placeholder="orders.dev.example.com"
              />
            )}
          />
        </div>
      )}
    </Field>
  );
}
