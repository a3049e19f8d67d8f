'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { grantInput } from '@hostmaster/core/contract/governance';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { Dialog } from '@/components/ui/dialog';
import { Field, FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Checkbox, Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { words } from '@/lib/format/text';
import { problemOf, violationsAt } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';

export function AddGrant() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={setOpen}
      trigger={<Button look="primary">Add a grant</Button>}
      title="Add a grant"
      description="The team may then claim names under the suffix by itself."
    >
      {open && <GrantForm done={() => setOpen(false)} />}
    </Dialog>
  );
}

type Values = z.input<typeof grantInput>;

function GrantForm({ done }: { done: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const teams = useQuery(trpc.teams.list.queryOptions());
  const { control, register, handleSubmit, formState } = useForm<Values, unknown, z.output<typeof grantInput>>({
    resolver: zodResolver(grantInput),
    defaultValues: { team: '', suffix: '', environments: [], views: ['public'], wildcard: false, apex: false },
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
  const refused = create.error ? problemOf(create.error) : null;
  const at = (path: keyof Values, own: string): FieldProblem[] => [
    ...(formState.errors[path] ? [{ reason: own }] : []),
    ...violationsAt(refused?.violations ?? [], path),
  ];
  return (
    <form noValidate className="grid gap-5" onSubmit={handleSubmit((values) => !create.isPending && create.mutate(values))}>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Team" problems={at('team', 'Choose the team.')}>
          {(props) => (
            <Controller
              control={control}
              name="team"
              render={({ field }) => (
                <Select
                  {...props}
                  value={field.value}
                  onChange={field.onChange}
                  placeholder="Choose a team"
                  options={(teams.data?.rows ?? []).map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
                />
              )}
            />
          )}
        </Field>
        <Field label="Suffix" problems={at('suffix', 'Give the suffix.')} hint="Everything below it, at label boundaries.">
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
      <FieldGroup label="Environments" problems={at('environments', 'Choose at least one.')}>
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
      <FieldGroup label="Views" problems={at('views', 'Choose at least one.')}>
        <Controller
          control={control}
          name="views"
          render={({ field }) => (
            <CheckboxGroup
              value={field.value ?? []}
              onChange={field.onChange}
              options={(['public', 'internal', 'partner'] as const).map((view) => ({ value: view, label: words(view) }))}
            />
          )}
        />
      </FieldGroup>
      <div className="grid gap-1.5 text-sm">
        <Checkbox {...register('wildcard')}>Wildcards may be claimed</Checkbox>
        <Checkbox {...register('apex')}>The suffix itself may be claimed</Checkbox>
      </div>
      <Field label="Why" optional problems={at('reason', 'At most 500 characters.')}>
        {(props) => <Input {...props} {...register('reason', { setValueAs: (text: string) => text || undefined })} />}
      </Field>
      {refused && <ProblemPanel problem={refused} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={create.isPending && 'Adding…'}>
          Add the grant
        </Button>
      </div>
    </form>
  );
}
