'use client';
// The hostname, and beneath it how it reads and whether it may be had.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { useEffect, useRef, useState } from 'react';
import { type Control, Controller, useWatch } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { NameTitle } from '@/features/name/hostname';
import { RulerLegend } from '@/features/name/name-ruler';
import type { ProblemsAt } from '@/lib/field-problems';
import type { Violation } from '@/lib/problem';
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
  at: ProblemsAt;
  setHostname: (hostname: string) => void;
};

export function NameField({ control, change, team, verdict, ofName, at, setHostname }: Props) {
  const { result, violations, settled, error, named } = verdict;
  const [typing, setTyping] = useState(false);
  const hostname = useWatch({ control, name: 'hostname' });
  // A name that no zone holds may be half of one that a zone does.
  const unfinished = typing && !change && result?.reading?.zone === null;
  return (
    <>
      {change ? (
        <div>
          <p className="font-[560] text-sm">Hostname</p>
          <NameTitle name={change.contract.hostname} zone={change.zone} />
        </div>
      ) : (
        <HostnameInput control={control} verdict={verdict} unfinished={unfinished} at={at} onTyping={setTyping} />
      )}
      <div className="-mt-2 grid gap-3.5">
        {result?.reading && named && <RulerLegend reading={result.reading} team={team} />}
        <Verdict
          result={result}
          violations={violations}
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
  onTyping,
}: Pick<Props, 'control' | 'verdict' | 'at'> & { unfinished: boolean; onTyping: (typing: boolean) => void }) {
  const wrong = !unfinished && violations.some(({ path }) => path === 'contract.hostname');
  const frame = useRef<HTMLDivElement>(null);
  // Whoever comes here comes to name something.
  useEffect(() => frame.current?.querySelector('input')?.focus(), []);
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
                onChange={(event) => {
                  onTyping(true);
                  field.onChange(event);
                }}
                onBlur={() => {
                  onTyping(false);
                  field.onBlur();
                }}
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
