'use client';
// The hostname, and beneath it how it reads and whether it may be had.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { useEffect, useRef } from 'react';
import { type Control, Controller } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { NameTitle } from '@/features/name/hostname';
import { RulerLegend } from '@/features/name/name-ruler';
import type { ProblemsAt } from '@/lib/field-problems';
import type { FormValues } from './form-values';
import { NameInput } from './name-input';
import type { VerdictOfDraft } from './use-verdict';
import { Verdict } from './verdict';

type Props = {
  control: Control<FormValues>;
  change: { contract: EndpointContract; zone: string } | undefined;
  team: string;
  verdict: VerdictOfDraft;
  at: ProblemsAt;
};

export function NameField({ control, change, team, verdict, at }: Props) {
  const { result, violations, settled, error, named } = verdict;
  return (
    <>
      {change ? (
        <div>
          <p className="font-[560] text-sm">Hostname</p>
          <NameTitle name={change.contract.hostname} zone={change.zone} />
        </div>
      ) : (
        <HostnameInput control={control} verdict={verdict} at={at} />
      )}
      <div className="-mt-2 grid gap-3.5">
        {result?.reading && named && <RulerLegend reading={result.reading} team={team} />}
        <Verdict
          result={result}
          violations={violations}
          settled={settled}
          error={error}
          change={change !== undefined}
          empty="Whether you may have the name, who owns its zone and how long it takes is said here while you type."
        />
      </div>
    </>
  );
}

function HostnameInput({ control, verdict: { result, violations }, at }: Pick<Props, 'control' | 'verdict' | 'at'>) {
  const wrong = violations.some(({ path }) => path === 'contract.hostname');
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
