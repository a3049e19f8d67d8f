'use client';
import { type Control, Controller, type FieldPath, type FieldValues } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

/** One of these teams, in any form that has a field for it. */
export function TeamField<Values extends FieldValues, Output>({
  control,
  name,
  teams,
  label = 'Team',
  hint,
  problems,
}: {
  control: Control<Values, unknown, Output>;
  name: FieldPath<Values>;
  teams: readonly { slug: string; name: string }[];
  label?: string;
  hint?: string;
  problems: readonly FieldProblem[];
}) {
  return (
    <Field label={label} problems={problems} hint={hint}>
      {(props) => (
        <Controller
          control={control}
          name={name}
          render={({ field }) => (
            <Select
              {...props}
              value={field.value}
              onChange={field.onChange}
              placeholder="Choose a team"
              options={teams.map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
            />
          )}
        />
      )}
    </Field>
  );
}
