'use client';
import { useQuery } from '@tanstack/react-query';
import { type Control, Controller } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { useTRPC } from '@/lib/trpc';
import type { ZoneFormValues } from './zone-form-values';

export function OwnerField({ control, at }: { control: Control<ZoneFormValues>; at: (path: string) => FieldProblem[] }) {
  const me = useMe();
  const trpc = useTRPC();
  const teams = useQuery(trpc.teams.list.queryOptions());
  return (
    <Field label="Kept by" problems={at('ownerTeam')} hint="The team that answers for the zone.">
      {(props) => (
        <Controller
          control={control}
          name="ownerTeam"
          render={({ field }) => (
            <Select
              {...props}
              value={field.value}
              onChange={field.onChange}
              placeholder="Choose a team"
              options={(teams.data?.rows ?? me.teams).map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
            />
          )}
        />
      )}
    </Field>
  );
}
