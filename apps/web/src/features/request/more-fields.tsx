'use client';
// Everything that has a default, folded away, with the defaults said in one line. Opens by itself when something in it is wrong.
import type { Me } from '@hostmaster/core/contract/account';
import { ttlSeconds } from '@hostmaster/core/dns/ttl';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { type Control, Controller, type FieldPathByValue, type UseFormRegister } from 'react-hook-form';
import { Field, FieldGroup } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { viewOptions, viewWords } from '@/features/name/views';
import type { ProblemsAt } from '@/lib/field-problems';
import type { FormValues } from './form-values';
import { keyOptions, keyWords, sourceOptions, sourceWords, terminationOptions, terminationWords, ttlOptions } from './options';

const paths = ['view', 'environment', 'ttl', 'tls', 'routing.port', 'owners', 'justification'];

type Props = {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  values: FormValues;
  environments: Me['environments'];
  at: ProblemsAt;
  /** The view of a live name is part of what it is and does not change. */
  fixedView: boolean;
};

export function MoreFields({ control, register, values, environments, at, fixedView }: Props) {
  const wrong = paths.some((path) => at(path).length > 0);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="group border-line border-t pt-3.5">
      <summary className="flex list-none items-start gap-1.5 rounded-sm text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight className="mt-0.5 size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90" aria-hidden />
        <span>
          <span className="font-[560]">Everything else has a default</span>{' '}
          <span className="text-ink-3 group-open:hidden">{summary(values)}</span>
        </span>
      </summary>
      <div className="grid grid-cols-1 gap-5 pt-5">
        <div className="grid gap-5 sm:grid-cols-2">
          {!fixedView && (
            <FieldGroup label="View" problems={at('view')} hint="Who can resolve the name.">
              <Controller
                control={control}
                name="view"
                render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={viewOptions} label="View" />}
              />
            </FieldGroup>
          )}
          <Field label="Environment" problems={at('environment')}>
            {(props) => (
              <Chosen
                control={control}
                name="environment"
                props={props}
                none="Follows from the name"
                options={environments.map((each) => ({ value: each.slug, label: each.name }))}
              />
            )}
          </Field>
        </div>
        <FieldGroup
          label="Time to live"
          problems={at('ttl')}
          hint="How long resolvers may keep the answer, so how fast a change arrives everywhere."
        >
          <div className="flex flex-wrap items-center gap-2">
            <Controller
              control={control}
              name="ttl"
              render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={ttlOptions} label="Time to live" />}
            />
            {values.ttl === 'seconds' && (
              <Input
                {...register('ttlSeconds')}
                aria-label="Time to live in seconds"
                inputMode="numeric"
                placeholder="seconds"
                className="w-28"
              />
            )}
          </div>
        </FieldGroup>
        <div className="grid gap-5 sm:grid-cols-3">
          <Field label="TLS ends at" problems={at('tls.termination')}>
            {(props) => <Chosen control={control} name="termination" props={props} options={terminationOptions} />}
          </Field>
          <Field label="Certificate from" problems={at('tls.source')}>
            {(props) => <Chosen control={control} name="source" props={props} options={sourceOptions} />}
          </Field>
          <Field label="Key" problems={at('tls.key')}>
            {(props) => <Chosen control={control} name="key" props={props} options={keyOptions} />}
          </Field>
        </div>
        <Field
          label="Further names on the certificate"
          optional
          problems={at('tls.extraNames')}
          hint="One a line. Each is admitted by the same rules."
        >
          {(props) => (
            <Textarea {...props} {...register('extraNames')} className="data min-h-16" spellCheck={false} autoCapitalize="none" />
          )}
        </Field>
        <Field
          label="Certificate signing request"
          optional
          problems={at('tls.csr')}
          hint="PKCS#10 in PEM. With it, the private key never leaves you; without it, the key is made and sealed here."
        >
          {(props) => (
            <Textarea
              {...props}
              {...register('csr')}
              className="data min-h-16"
              placeholder="-----BEGIN CERTIFICATE REQUEST-----"
              spellCheck={false}
            />
          )}
        </Field>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Port" optional problems={at('routing.port')} hint="Where users reach it; the zone's own default otherwise.">
            {(props) => <Input {...props} {...register('port')} inputMode="numeric" placeholder="443" className="tabular-nums" />}
          </Field>
          <Field label="Escalation" optional problems={at('owners')} hint="Who is called when it breaks.">
            {(props) => <Input {...props} {...register('escalation')} placeholder="#orders-oncall" />}
          </Field>
        </div>
        <Field label="Why it is needed" optional problems={at('justification')} hint="Shown to reviewers and kept in the audit trail.">
          {(props) => <Textarea {...props} {...register('justification')} className="min-h-16" />}
        </Field>
      </div>
    </details>
  );
}

/** Radix's select has no empty value; a dash that cannot be a slug stands for "none". */
const noneValue = '-';

function Chosen({
  control,
  name,
  options,
  none,
  props,
}: {
  control: Control<FormValues>;
  name: FieldPathByValue<FormValues, string>;
  options: readonly { value: string; label: ReactNode }[];
  none?: string;
  props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };
}) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Select
          {...props}
          value={none && field.value === '' ? noneValue : field.value}
          onChange={(value) => field.onChange(value === noneValue ? '' : value)}
          options={none ? [{ value: noneValue, label: none }, ...options] : options}
        />
      )}
    />
  );
}

function summary({ view, ttl, ttlSeconds: typed, termination, source, csr, key }: FormValues): string {
  return [
    `${viewWords[view].toLowerCase()} view`,
    `TTL ${ttl === 'seconds' ? typed || '?' : ttlSeconds[ttl]} s`,
    termination === 'none' ? 'no TLS' : `TLS ends at the ${terminationWords[termination].toLowerCase()}`,
    sourceWords[source],
    csr.trim() === '' ? keyWords[key] : 'your own key',
    'renews by itself',
  ].join(' · ');
}
