'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { inviteInput } from '@hostmaster/core/contract/person';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { LinkOnce } from './link-once';
import { TeamRows } from './team-rows';
import { roleOptions } from './words';

export function Invite() {
  return (
    <FormDialog
      wide
      trigger={<Button look="primary">Invite somebody</Button>}
      title="Invite somebody"
      description="They set a password of their own with a link that you hand over."
    >
      {(close, hold) => <InviteForm done={close} made={hold} />}
    </FormDialog>
  );
}

export type InviteValues = z.input<typeof inviteInput>;
const own = {
  email: 'Give an e-mail address.',
  name: 'Give the name that others know them by.',
  account: 'Use letters, digits, and inner dots, hyphens and underscores.',
  roles: 'Choose among the roles.',
  teams: 'Choose a team in every row, and each team once.',
};

/** @param made keeps the dialog open: what is shown then is not shown again */
function InviteForm({ done, made }: { done: () => void; made: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { control, register, handleSubmit, formState, watch } = useForm<InviteValues, unknown, z.output<typeof inviteInput>>({
    resolver: zodResolver(inviteInput),
    defaultValues: { email: '', name: '', account: null, roles: [], teams: [] },
  });
  const create = useMutation(
    trpc.people.invite.mutationOptions({
      onSuccess: () => {
        made();
        void queries.invalidateQueries(trpc.people.pathFilter());
        void queries.invalidateQueries(trpc.teams.pathFilter());
      },
    }),
  );
  if (create.data) return <LinkOnce link={create.data} done={done} />;
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => create.mutate(values))}
      refused={rest}
      submit="Make the invitation"
      busy={create.isPending && 'Making…'}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Name" problems={at('name')}>
          {(props) => <Input {...props} {...register('name')} autoComplete="off" placeholder="Lee Chan" />}
        </Field>
        <Field label="E-mail" problems={at('email')} hint="One way to name them at the sign-in.">
          {(props) => (
            <Input {...props} {...register('email')} type="email" autoComplete="off" spellCheck={false} placeholder="lee@example.org" />
          )}
        </Field>
      </div>
      <Field label="Account" optional problems={at('account')} hint="A shorter name to sign in with.">
        {(props) => (
          <Input
            {...props}
            {...register('account', { setValueAs: (text: string | null) => text || null })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="lee"
          />
        )}
      </Field>
      <FieldGroup label="Roles in the organisation" problems={at('roles')} hint="Without one, somebody does what their teams may.">
        <Controller
          control={control}
          name="roles"
          render={({ field }) => <CheckboxGroup value={field.value ?? []} onChange={field.onChange} options={roleOptions} />}
        />
      </FieldGroup>
      <TeamRows control={control} problems={at('teams')} />
    </DialogForm>
  );
}
