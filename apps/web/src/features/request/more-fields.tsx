'use client';
// Everything that has a default, folded away, with the defaults said in one line. Opens by itself when something in it is wrong.
import type { Me } from '@hostmaster/core/contract/account';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { Field, FieldGroup } from '@/components/ui/field';
import { Folded } from '@/components/ui/folded';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { viewOptions } from '@/features/name/views';
import type { ProblemsAt } from '@/lib/field-problems';
import { Chosen } from './chosen';
import type { FormValues } from './form-values';
import { summaryOf } from './more-summary';
import type { challengeOptions } from './options';
import { TlsFields } from './tls-fields';
import { TtlField } from './ttl-field';

const paths = ['view', 'environment', 'ttl', 'tls', 'routing.port', 'owners', 'justification'];

type Props = {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  values: FormValues;
  environments: Me['environments'];
  sources: Me['sources'];
  challenges: typeof challengeOptions;
  at: ProblemsAt;
  /** The view of a live name is part of what it is and does not change. */
  fixedView: boolean;
};

export function MoreFields(props: Props) {
  const { control, register, values, sources, challenges, at } = props;
  const alone = values.pointsTo === 'certificateOnly';
  return (
    <Folded summary={summaryOf(values)} wrong={paths.some((path) => at(path).length > 0)}>
      <Where {...props} />
      {!alone && <TtlField control={control} register={register} ttl={values.ttl} problems={at('ttl')} />}
      <TlsFields
        control={control}
        register={register}
        termination={values.termination}
        alone={alone}
        source={values.source}
        connected={sources}
        challenges={challenges}
        at={at}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        {!alone && (
          <Field label="Port" optional problems={at('routing.port')} hint="Where users reach it; left empty, the port of the zone.">
            {(field) => <Input {...field} {...register('port')} inputMode="numeric" className="tabular-nums" />}
          </Field>
        )}
        <Field label="Escalation" optional problems={at('owners.escalation')} hint="Who is called when it breaks.">
          {(field) => <Input {...field} {...register('escalation')} placeholder="#orders-oncall" />}
        </Field>
      </div>
      <Field label="Why it is needed" optional problems={at('justification')} hint="Shown to reviewers and kept in the audit trail.">
        {(field) => <Textarea {...field} {...register('justification')} className="min-h-16" />}
      </Field>
    </Folded>
  );
}

function Where({ control, environments, at, fixedView }: Props) {
  return (
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
  );
}
