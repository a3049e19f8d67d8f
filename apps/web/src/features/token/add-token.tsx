'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { tokenInput } from '@hostmaster/core/contract/account';
import { scopesOf } from '@hostmaster/core/policy/authorize';
import type { Scope } from '@hostmaster/core/policy/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Code } from '@/components/ui/code';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';

const usual: Scope[] = ['requests:read', 'requests:write', 'endpoints:read', 'certificates:read', 'operations:read'];
const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'a year' },
];

const defaults = tokenInput.pick({ days: true }).parse({});
const own = { name: 'Name what will use it.', scopes: 'Choose at least one scope.', teams: 'Choose among your teams.' };

export function AddToken() {
  return (
    <FormDialog
      wide
      trigger={<Button look="primary">Make a token</Button>}
      title="Make a token"
      description="It can do no more than you can."
    >
      {(close, hold) => <TokenForm done={close} made={hold} />}
    </FormDialog>
  );
}

/** @param made keeps the dialog open: what is shown then is not shown again */
function TokenForm({ done, made }: { done: () => void; made: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { control, register, handleSubmit, formState, watch } = useForm<z.input<typeof tokenInput>, unknown, z.output<typeof tokenInput>>({
    resolver: zodResolver(tokenInput),
    defaultValues: { ...defaults, name: '', scopes: usual, teams: me.teams.map((team) => team.slug) },
  });
  const create = useMutation(
    trpc.tokens.create.mutationOptions({
      onSuccess: () => {
        made();
        void queries.invalidateQueries(trpc.tokens.pathFilter());
      },
    }),
  );
  if (create.data)
    return (
      <div className="grid gap-4">
        <Callout state="wait" title="Copy it now: this is the only time that it is shown." />
        <Code text={create.data.token} label="the token" wrap />
        <div className="flex justify-end">
          <Button look="primary" onClick={done}>
            I have copied it
          </Button>
        </div>
      </div>
    );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => create.mutate(values))}
      refused={rest}
      submit="Make the token"
      busy={create.isPending && 'Making…'}
    >
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_9rem]">
        <Field label="What it is for" problems={at('name')}>
          {(props) => <Input {...props} {...register('name')} placeholder="deploy pipeline" />}
        </Field>
        <Field label="Lives for">
          {(props) => (
            <Controller
              control={control}
              name="days"
              render={({ field }) => (
                <Select {...props} value={String(field.value)} onChange={(value) => field.onChange(Number(value))} options={lifetimes} />
              )}
            />
          )}
        </Field>
      </div>
      <FieldGroup label="Scopes" problems={at('scopes')}>
        <Controller
          control={control}
          name="scopes"
          render={({ field }) => (
            <CheckboxGroup
              value={field.value}
              onChange={field.onChange}
              columns
              options={scopesOf(me).map((scope) => ({ value: scope, label: scope }))}
            />
          )}
        />
      </FieldGroup>
      {me.teams.length > 0 && (
        <FieldGroup label="Teams" problems={at('teams')}>
          <Controller
            control={control}
            name="teams"
            render={({ field }) => (
              <CheckboxGroup
                value={field.value ?? []}
                onChange={field.onChange}
                options={me.teams.map((team) => ({ value: team.slug, label: team.name }))}
              />
            )}
          />
        </FieldGroup>
      )}
    </DialogForm>
  );
}
