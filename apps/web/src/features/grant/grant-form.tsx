'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { grantCheckInput, grantInput, type grantRow } from '@hostmaster/core/contract/governance';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
import { dayOf, endOfDay } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { useReadAgain } from '@/lib/use-read-again';
import { losing, Reach } from './reach';

type Grant = z.output<typeof grantRow>;

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

export const ChangeGrant = ({ grant }: { grant: Grant }) => (
  <FormDialog
    wide
    trigger={
      <Button size="sm" look="bare" aria-label={`Change the grant of ${grant.suffix} to ${grant.team}`}>
        Change
      </Button>
    }
    title={`Change ${grant.suffix} of ${grant.team}`}
    description="Names that are live stay live; new names and changes are held against what is said here."
  >
    {(close) => <GrantForm grant={grant} done={close} />}
  </FormDialog>
);

type Values = z.input<typeof grantInput>;

const defaults = grantInput.pick({ views: true, wildcard: true, apex: true }).parse({});
const own = {
  team: 'Choose the team.',
  suffix: 'Give the suffix.',
  environments: 'Choose at least one.',
  views: 'Choose at least one.',
  reason: 'At most 500 characters.',
  expiresAt: 'Choose a day ahead.',
};

/** What the grant would mean, of what stands in the form; nothing is asked before there is a team and a suffix. */
function useReach({ team, suffix, views }: Values) {
  const trpc = useTRPC();
  const asked = useDebounced(JSON.stringify({ team, suffix: suffix.trim(), views }), 300);
  const parsed = grantCheckInput.safeParse(JSON.parse(asked));
  const known = parsed.success;
  const { data } = useQuery({
    ...trpc.grants.check.queryOptions(parsed.data ?? { team: '', suffix: '' }),
    enabled: known,
    retry: false,
    staleTime: 10_000,
  });
  return known && data ? { reach: data, of: asked } : null;
}

const valuesOf = (grant?: Grant): Values => ({
  ...defaults,
  ...(grant
    ? {
        views: grant.views,
        wildcard: grant.wildcard,
        apex: grant.apex,
        ...(grant.reason === null ? {} : { reason: grant.reason }),
        ...(grant.expiresAt === null ? {} : { expiresAt: grant.expiresAt }),
      }
    : {}),
  team: grant?.team ?? '',
  suffix: grant?.suffix ?? '',
  environments: grant?.environments ?? [],
});

/** @param grant the one that changes; without it, one is added */
function GrantForm({ grant, done }: { grant?: Grant; done: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const teams = useTeams();
  const { control, register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof grantInput>>({
    resolver: zodResolver(grantInput),
    defaultValues: valuesOf(grant),
  });
  const values = watch();
  const reach = useReach(values);
  const [confirmed, setConfirmed] = useState('');
  const readAgain = useReadAgain();
  const onSuccess = async (said: string) => {
    await readAgain(trpc.grants.pathFilter(), trpc.account.home.queryFilter());
    toast.success(said);
    done();
  };
  const create = useMutation(
    trpc.grants.create.mutationOptions({
      onSuccess: ({ team, suffix }) => onSuccess(`${suffix} is granted to ${team}.`),
    }),
  );
  const update = useMutation(
    trpc.grants.update.mutationOptions({ onSuccess: ({ team, suffix }) => onSuccess(`The grant of ${suffix} to ${team} is changed.`) }),
  );
  const save = grant ? update : create;
  const { at, rest } = formProblems({ own, errors: formState.errors, error: save.error, sent: save.variables, values });
  const send = async ({ team, suffix, ...input }: z.output<typeof grantInput>): Promise<void> => {
    // Also where the dialog was sent before anything could be said: what it means for others is known, and agreed to, first.
    // A change, too: a grant that has ended counts again with a later end.
    const found = await queries
      .fetchQuery({ ...trpc.grants.check.queryOptions({ team, suffix, views: input.views }), retry: false })
      .catch(() => null);
    if (found && losing(found) > 0 && confirmed !== reach?.of) return;
    if (grant) update.mutate({ id: grant.id, ...input });
    else create.mutate({ team, suffix, ...input });
  };
  return (
    <DialogForm
      onSubmit={handleSubmit(send)}
      refused={rest}
      submit={grant ? 'Save the change' : 'Add the grant'}
      busy={save.isPending ? 'Saving…' : formState.isSubmitting && 'Looking…'}
    >
      {!grant && (
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
      )}
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
      <Field label="Until" optional hint="To the end of this day, UTC; without it the grant has no end." problems={at('expiresAt')}>
        {(props) => (
          <Controller
            control={control}
            name="expiresAt"
            render={({ field: { value, onChange, ref } }) => (
              <Input
                {...props}
                ref={ref}
                type="date"
                className="tabular-nums"
                value={value === undefined ? '' : dayOf(value)}
                onChange={(event) => onChange(event.target.value === '' ? undefined : endOfDay(event.target.value))}
              />
            )}
          />
        )}
      </Field>
      <Field label="Why" optional problems={at('reason')}>
        {(props) => <Input {...props} {...register('reason', { setValueAs: (text: string) => text || undefined })} />}
      </Field>
      <div aria-live="polite" className="grid gap-3 empty:hidden">
        {reach && (
          <Reach
            reach={reach.reach}
            team={values.team}
            suffix={values.suffix.trim()}
            confirmed={confirmed === reach.of}
            onConfirm={(yes) => setConfirmed(yes ? reach.of : '')}
          />
        )}
      </div>
    </DialogForm>
  );
}
