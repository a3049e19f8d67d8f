'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { grantInput } from '@hostmaster/core/contract/governance';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Checkbox, Input } from '@/components/ui/input';
import { useMe } from '@/features/account/use-me';
import { viewOptions } from '@/features/name/views';
import { TeamField } from '@/features/team/team-field';
import { useTeams } from '@/features/team/use-teams';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';

export function AddGrant() {
  return (
    <FormDialog
      wide
      trigger={<Button look="primary">Add a grant</Button>}
      title="Add a grant"
      description="The team may then claim names under the suffix by itself."
    >
      {(close) => <GrantForm done={close} />}
    </FormDialog>
  );
}

type Values = z.input<typeof grantInput>;

const defaults = grantInput.pick({ views: true, wildcard: true, apex: true }).parse({});
const own = {
  team: 'Choose the team.',
  suffix: 'Give the suffix.',
  environments: 'Choose at least one.',
  views: 'Choose at least one.',
  reason: 'At most 500 characters.',
};

function GrantForm({ done }: { done: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const teams = useTeams();
  const { control, register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof grantInput>>({
    resolver: zodResolver(grantInput),
    defaultValues: { ...defaults, team: '', suffix: '', environments: [] },
  });
  const create = useMutation(
    trpc.grants.create.mutationOptions({
      onSuccess: (grant) => {
        void queries.invalidateQueries(trpc.grants.pathFilter());
        toast.success(`${grant.team} may now claim names under ${grant.suffix}.`);
        done();
      },
    }),
  );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => create.mutate(values))}
      refused={rest}
      submit="Add the grant"
      busy={create.isPending && 'Adding…'}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <TeamField control={control} name="team" teams={teams} problems={at('team')} />
        <Field label="Suffix" problems={at('suffix')} hint="Everything below it, at label boundaries.">
          {(props) => (
            <Input
              {...props}
              {...register('suffix')}
              className="name"
              placeholder="dev.example.com"
              spellCheck={false}
              autoCapitalize="none"
            />
          )}
        </Field>
      </div>
      <FieldGroup label="Environments" problems={at('environments')}>
        <Controller
          control={control}
          name="environments"
          render={({ field }) => (
            <CheckboxGroup
              value={field.value}
              onChange={field.onChange}
              options={me.environments.map((each) => ({ value: each.slug, label: each.name }))}
            />
          )}
        />
      </FieldGroup>
      <FieldGroup label="Views" problems={at('views')}>
        <Controller
          control={control}
          name="views"
          render={({ field }) => <CheckboxGroup value={field.value ?? []} onChange={field.onChange} options={viewOptions} />}
        />
      </FieldGroup>
      <div className="grid gap-1.5 text-sm">
        <Checkbox {...register('wildcard')}>Wildcards may be claimed</Checkbox>
        <Checkbox {...register('apex')}>The suffix itself may be claimed</Checkbox>
      </div>
      <Field label="Why" optional problems={at('reason')}>
        {(props) => <Input {...props} {...register('reason', { setValueAs: (text: string) => text || undefined })} />}
      </Field>
    </DialogForm>
  );
}
