'use client';
import { X } from 'lucide-react';
import { type Control, Controller, useFieldArray } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useTeams } from '@/features/team/use-teams';
import type { InviteValues } from './invite';
import { teamRoleOptions } from './words';

/** The teams that somebody comes into, each with what they are there. */
export function TeamRows<Output>({
  control,
  problems,
}: {
  control: Control<InviteValues, unknown, Output>;
  problems: readonly FieldProblem[];
}) {
  const teams = useTeams();
  const { fields, append, remove } = useFieldArray({ control, name: 'teams' });
  if (teams.length === 0) return null;
  return (
    <FieldGroup label="Teams" problems={problems}>
      {fields.map((row, index) => (
        <div
          key={row.id}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-2 max-sm:[&>:first-child]:col-span-2 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
        >
          <Controller
            control={control}
            name={`teams.${index}.team`}
            render={({ field }) => (
              <Select
                aria-label={`Team ${index + 1}`}
                value={field.value ?? ''}
                onChange={field.onChange}
                placeholder="Choose a team"
                options={teams.map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
              />
            )}
          />
          <Controller
            control={control}
            name={`teams.${index}.role`}
            render={({ field }) => (
              <Select
                aria-label={`Role in team ${index + 1}`}
                value={field.value ?? 'member'}
                onChange={field.onChange}
                options={teamRoleOptions}
              />
            )}
          />
          <Button look="bare" size="icon" aria-label={`Leave team ${index + 1} out`} onClick={() => remove(index)}>
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <div>
        <Button size="sm" onClick={() => append({ team: '', role: 'member' })}>
          Add a team
        </Button>
      </div>
    </FieldGroup>
  );
}
