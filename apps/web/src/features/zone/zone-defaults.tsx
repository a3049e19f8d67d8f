'use client';
// What a zone has beside its connection, each with a default that most zones keep.
import type { Me } from '@hostmaster/core/contract/account';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Field, FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Folded } from '@/components/ui/folded';
import { Checkbox, Input, Textarea } from '@/components/ui/input';
import type { ZoneFormValues } from './zone-form-values';

const limits = [
  { name: 'deletePercent', label: 'Removed, %', path: 'safety.deletes.percent' },
  { name: 'deleteRecords', label: 'Removed, records', path: 'safety.deletes.records' },
  { name: 'updatePercent', label: 'Changed, %', path: 'safety.updates.percent' },
  { name: 'updateRecords', label: 'Changed, records', path: 'safety.updates.records' },
] as const;
const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;

const paths = ['environments', 'servers', 'ttlMin', 'ttlMax', 'servedPort', 'allowedPorts', 'allowedRanges', 'safety'];

type Props = {
  control: Control<ZoneFormValues>;
  register: UseFormRegister<ZoneFormValues>;
  environments: Me['environments'];
  at: (path: string) => FieldProblem[];
};

export function ZoneDefaults(fields: Props) {
  return (
    <Folded
      summary="any environment · the servers of the connection must agree · TTL 30 s to 1 d · port 443 · probes reach public addresses"
      wrong={paths.some((path) => fields.at(path).length > 0)}
    >
      <ZoneSettingFields {...fields} />
    </Folded>
  );
}

export function ZoneSettingFields({ control, register, environments, at }: Props) {
  return (
    <>
      <FieldGroup
        label="Kept for environments"
        problems={at('environments')}
        hint="Names of other environments are refused in it; with none chosen, it takes every name."
      >
        <Controller
          control={control}
          name="environments"
          render={({ field }) => (
            <CheckboxGroup
              value={field.value}
              onChange={field.onChange}
              options={environments.map((each) => ({ value: each.slug, label: each.name }))}
            />
          )}
        />
      </FieldGroup>
      <Field
        label="Servers that must agree"
        optional
        problems={at('servers')}
        hint="One a line: name address port. Where left out, those of the connection."
      >
        {(props) => (
          <Textarea {...props} {...text} {...register('servers')} className="data min-h-16" placeholder="ns1.example.com 192.0.2.53 53" />
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-3">
        <Field label="Shortest TTL" problems={at('ttlMin')}>
          {(props) => <Input {...props} {...register('ttlMin')} inputMode="numeric" className="tabular-nums" />}
        </Field>
        <Field label="Longest TTL" problems={at('ttlMax')}>
          {(props) => <Input {...props} {...register('ttlMax')} inputMode="numeric" className="tabular-nums" />}
        </Field>
        <Field label="Port of endpoints" problems={at('servedPort')}>
          {(props) => <Input {...props} {...register('servedPort')} inputMode="numeric" className="tabular-nums" />}
        </Field>
      </div>
      <Field
        label="Other ports that names may be reached on"
        optional
        problems={at('allowedPorts')}
        hint="Separated by commas; 8000-8999 is a range."
      >
        {(props) => <Input {...props} {...text} {...register('allowedPorts')} className="data" />}
      </Field>
      <Field label="Private ranges that probes may reach" optional problems={at('allowedRanges')} hint="Separated by commas.">
        {(props) => <Input {...props} {...text} {...register('allowedRanges')} className="data" placeholder="10.0.0.0/8" />}
      </Field>
      <FieldGroup label="At most touched by one plan" hint="The larger of share and number; more is refused as unsafe.">
        <div className="grid grid-cols-2 gap-5 sm:grid-cols-4">
          {limits.map(({ name, label, path }) => (
            <Field key={name} label={label} problems={at(path)}>
              {(props) => <Input {...props} {...register(name)} inputMode="numeric" className="tabular-nums" />}
            </Field>
          ))}
        </div>
      </FieldGroup>
      <Checkbox {...register('reviewFirstExposure')}>A team’s first public name in this zone is reviewed</Checkbox>
    </>
  );
}
