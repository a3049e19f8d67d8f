'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { type Control, Controller } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { FormValues } from './form-values';

/** Whose the name will be; nobody is asked who has but one team. */
export function TeamField({
  control,
  teams,
  problems,
}: {
  control: Control<FormValues>;
  teams: Me['teams'];
  problems: readonly FieldProblem[];
}) {
  if (teams.length < 2) return null;
  return (
    <Field label="Team" problems={problems}>
      {(props) => (
        <Controller
          control={control}
          name="team"
          render={({ field }) => (
            <Select
              {...props}
              value={field.value}
              onChange={field.onChange}
              options={teams.map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
            />
          )}
        />
      )}
    </Field>
  );
}
