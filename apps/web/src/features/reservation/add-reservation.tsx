'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { reservationInput } from '@hostmaster/core/contract/governance';
import { groupWords, reviewingRoles } from '@hostmaster/core/policy/review-group';
import { useMutation } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { useTeams } from '@/features/team/use-teams';
import { formProblems } from '@/lib/field-problems';
import { words } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { kindOptions } from './words';

export function AddReservation() {
  return (
    <FormDialog
      trigger={<Button look="primary">Reserve a name</Button>}
      title="Reserve a name"
      description="Requests for it then wait for a review. Names that are live stay live."
    >
      {(close) => <ReservationForm done={close} />}
    </FormDialog>
  );
}

type Values = z.input<typeof reservationInput>;

const defaults = reservationInput.pick({ group: true }).parse({});
const own = { value: 'Give the name.', reason: 'Say why; whoever asks for the name sees it.', group: 'Choose who reviews it.' };

function ReservationForm({ done }: { done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const teams = useTeams();
  const { control, register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof reservationInput>>({
    resolver: zodResolver(reservationInput),
    defaultValues: { ...defaults, kind: 'label', value: '', reason: '' },
  });
  const create = useMutation(
    trpc.reservations.create.mutationOptions({
      onSuccess: async (reservation) => {
        await readAgain(trpc.reservations.pathFilter());
        toast.success(`${reservation.value} is reserved.`);
        done();
      },
    }),
  );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => create.mutate(values))}
      refused={rest}
      submit="Reserve it"
      busy={create.isPending && 'Reserving…'}
    >
      <FieldGroup label="What is reserved">
        <Controller
          control={control}
          name="kind"
          render={({ field }) => <Segmented label="What is reserved" value={field.value} onChange={field.onChange} options={kindOptions} />}
        />
      </FieldGroup>
      <Field label="Name" problems={at('value')}>
        {(props) => (
          <Input {...props} {...register('value')} className="name" placeholder="login" spellCheck={false} autoCapitalize="none" />
        )}
      </Field>
      <Field label="Reviewed by" problems={at('group')}>
        {(props) => (
          <Controller
            control={control}
            name="group"
            render={({ field }) => (
              <Select
                {...props}
                value={field.value ?? defaults.group}
                onChange={field.onChange}
                options={[
                  ...reviewingRoles.map((value) => ({ value, label: words(groupWords(value)) })),
                  ...teams.map((team) => ({ value: `team:${team.slug}`, label: team.name, note: 'team' })),
                ]}
              />
            )}
          />
        )}
      </Field>
      <Field label="Reason" problems={at('reason')} hint="Shown to whoever asks for the name.">
        {(props) => <Textarea {...props} {...register('reason')} className="min-h-16" />}
      </Field>
    </DialogForm>
  );
}
