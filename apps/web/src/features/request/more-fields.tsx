'use client';
// Everything that has a default, folded away, with the defaults said in one line. Opens by itself when something in it is wrong.
import type { Me } from '@hostmaster/core/contract/account';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { type Control, Controller, type FieldPathByValue, type UseFormRegister } from 'react-hook-form';
import { Field, FieldGroup } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { ProblemsAt } from './field-problems';
import type { FormValues } from './form-values';

const views = [
  { value: 'public', label: 'Public' },
  { value: 'internal', label: 'Internal' },
  { value: 'partner', label: 'Partner' },
] satisfies { value: FormValues['view']; label: string }[];
const ttls = [
  { value: 'service', label: 'Service, 60 s' },
  { value: 'cutover', label: 'Cutover, 30 s' },
  { value: 'stable', label: 'Stable, 1 h' },
  { value: 'seconds', label: 'Other' },
] satisfies { value: FormValues['ttl']; label: string }[];
const terminations = [
  { value: 'edge', label: 'Edge' },
  { value: 'load-balancer', label: 'Load balancer' },
  { value: 'ingress', label: 'Ingress' },
  { value: 'passthrough', label: 'Passthrough to the service' },
  { value: 're-encrypt', label: 'Edge, encrypted again behind it' },
  { value: 'mtls', label: 'Mutual TLS' },
  { value: 'none', label: 'No TLS' },
];
const sources = [
  { value: 'internal-ca', label: 'Internal CA' },
  { value: 'acme', label: 'ACME' },
  { value: 'vault', label: 'Vault' },
  { value: 'acm', label: 'AWS ACM' },
  { value: 'key-vault', label: 'Azure Key Vault' },
  { value: 'imported', label: 'Imported' },
];
const keys = [
  { value: 'ecdsa-p256', label: 'ECDSA P-256' },
  { value: 'ecdsa-p384', label: 'ECDSA P-384' },
  { value: 'rsa-2048', label: 'RSA 2048' },
  { value: 'rsa-3072', label: 'RSA 3072' },
];
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
                render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={views} label="View" />}
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
              render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={ttls} label="Time to live" />}
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
            {(props) => <Chosen control={control} name="termination" props={props} options={terminations} />}
          </Field>
          <Field label="Certificate from" problems={at('tls.source')}>
            {(props) => <Chosen control={control} name="source" props={props} options={sources} />}
          </Field>
          <Field label="Key" problems={at('tls.key')}>
            {(props) => <Chosen control={control} name="key" props={props} options={keys} />}
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

function summary(values: FormValues): string {
  const label = (options: readonly { value: string; label: string }[], value: string) =>
    options.find((option) => option.value === value)?.label ?? value;
  const ttl = values.ttl === 'seconds' ? `${values.ttlSeconds || '?'} s` : label(ttls, values.ttl).split(', ')[1];
  return [
    `${label(views, values.view).toLowerCase()} view`,
    `TTL ${ttl}`,
    values.termination === 'none' ? 'no TLS' : `TLS ends at the ${label(terminations, values.termination).toLowerCase()}`,
    label(sources, values.source),
    values.csr.trim() === '' ? label(keys, values.key) : 'your own key',
    'renews by itself',
  ].join(' · ');
}
