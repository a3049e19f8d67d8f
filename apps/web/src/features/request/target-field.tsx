'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { Field, FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { FormValues } from './form-values';

/** Where the name leads: addresses, another name, or a cluster that the organisation knows; or nowhere by us. */
export function TargetField({
  control,
  register,
  pointsTo,
  clusters,
  problems,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  pointsTo: FormValues['pointsTo'];
  clusters: Me['clusters'];
  problems: readonly FieldProblem[];
}) {
  const kinds = [
    { value: 'addresses', label: 'Addresses' },
    { value: 'cname', label: 'Another name' },
    ...(clusters.length > 0 ? [{ value: 'cluster' as const, label: 'A cluster' }] : []),
    { value: 'certificateOnly', label: 'A certificate alone' },
  ] satisfies { value: FormValues['pointsTo']; label: string }[];
  return (
    <FieldGroup label="Points to">
      <Controller
        control={control}
        name="pointsTo"
        render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={kinds} label="What it points to" />}
      />
      {pointsTo === 'addresses' && (
        <Field
          label={<span className="sr-only">Addresses</span>}
          problems={problems}
          hint="IPv4, IPv6 or both; several are separated by commas."
        >
          {(props) => <Input {...props} {...register('addresses')} className="data" spellCheck={false} />}
        </Field>
      )}
      {pointsTo === 'certificateOnly' && (
        <p className="text-ink-2 text-sm">
          For a printer, a database or whatever else has its address from somebody else. Nothing is written at the name, and nobody looks at
          where the certificate is installed: your team takes it away and installs it, and each one that is renewed.
        </p>
      )}
      {pointsTo === 'cname' && (
        <Field
          label={<span className="sr-only">Another name</span>}
          problems={problems}
          hint="The name becomes an alias (CNAME) of this one."
        >
          {(props) => (
            <Input
              {...props}
              {...register('cname')}
              className="data"
              placeholder="service.platform.example.com"
              spellCheck={false}
              autoCapitalize="none"
            />
          )}
        </Field>
      )}
      {pointsTo === 'cluster' && (
        <Field label={<span className="sr-only">Cluster</span>} problems={problems}>
          {(props) => (
            <Controller
              control={control}
              name="cluster"
              render={({ field }) => (
                <Select
                  {...props}
                  value={field.value}
                  onChange={field.onChange}
                  mono
                  options={clusters.map((cluster) => ({
                    value: cluster.slug,
                    label: cluster.hostname,
                    note: `${cluster.slug} · ${cluster.environment}${cluster.public ? ' · takes public traffic' : ''}`,
                  }))}
                />
              )}
            />
          )}
        </Field>
      )}
    </FieldGroup>
  );
}
