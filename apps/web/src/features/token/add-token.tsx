'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type Me, tokenInput } from '@hostmaster/core/contract/account';
import { type Scope, scopes } from '@hostmaster/core/policy/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Code } from '@/components/ui/code';
import { Dialog } from '@/components/ui/dialog';
import { Field, FieldGroup } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Select } from '@/components/ui/select';
import { isAuditor, isPlatform, useMe } from '@/features/account/use-me';
import { useTRPC } from '@/lib/trpc';

const usual: Scope[] = ['requests:read', 'requests:write', 'endpoints:read', 'certificates:read', 'operations:read'];
/** What a token of this person could be used for at all; the server decides again. */
const usableScopes = (me: Me): readonly Scope[] =>
  scopes.filter((scope) => {
    if (scope === 'audit:read') return isAuditor(me);
    return !['zones:write', 'policy:write', 'teams:write'].includes(scope) || isPlatform(me);
  });
const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'a year' },
];

export function AddToken() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={setOpen}
      trigger={<Button look="primary">Make a token</Button>}
      title="Make a token"
      description="It can do no more than you can."
    >
      {open && <TokenForm done={() => setOpen(false)} />}
    </Dialog>
  );
}

function TokenForm({ done }: { done: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { control, register, handleSubmit, formState } = useForm<z.input<typeof tokenInput>, unknown, z.output<typeof tokenInput>>({
    resolver: zodResolver(tokenInput),
    defaultValues: { name: '', scopes: usual, teams: me.teams.map((team) => team.slug), days: 90 },
  });
  const create = useMutation(
    trpc.tokens.create.mutationOptions({ onSuccess: () => void queries.invalidateQueries(trpc.tokens.pathFilter()) }),
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
  return (
    <form noValidate className="grid gap-5" onSubmit={handleSubmit((values) => !create.isPending && create.mutate(values))}>
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_9rem]">
        <Field label="What it is for" problems={formState.errors.name ? [{ reason: 'Name what will use it.' }] : []}>
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
      <FieldGroup label="Scopes" problems={formState.errors.scopes ? [{ reason: 'Choose at least one scope.' }] : []}>
        <Controller
          control={control}
          name="scopes"
          render={({ field }) => (
            <CheckboxGroup
              value={field.value}
              onChange={field.onChange}
              columns
              options={usableScopes(me).map((scope) => ({ value: scope, label: scope }))}
            />
          )}
        />
      </FieldGroup>
      {me.teams.length > 0 && (
        <FieldGroup label="Teams">
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
      {create.error && <ProblemPanel error={create.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={create.isPending && 'Making…'}>
          Make the token
        </Button>
      </div>
    </form>
  );
}
