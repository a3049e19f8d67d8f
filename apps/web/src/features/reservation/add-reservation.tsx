'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { reservationInput } from '@hostmaster/core/contract/governance';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { problemOf, violationsAt } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';

export function AddReservation() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button look="primary">Reserve a name</Button>}
      title="Reserve a name"
      description="Requests for it then wait for a review. Names that are live stay live."
    >
      {open && <ReservationForm done={() => setOpen(false)} />}
    </Dialog>
  );
}

type Values = z.input<typeof reservationInput>;

function ReservationForm({ done }: { done: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const teams = useQuery(trpc.teams.list.queryOptions());
  const { control, register, handleSubmit, formState } = useForm<Values, unknown, z.output<typeof reservationInput>>({
    resolver: zodResolver(reservationInput),
    defaultValues: { kind: 'label', value: '', group: 'security-reviewer', reason: '' },
  });
  const create = useMutation(
    trpc.reservations.create.mutationOptions({
      onSuccess: (reservation) => {
        void queries.invalidateQueries(trpc.reservations.pathFilter());
        toast.success(`${reservation.value} is reserved.`);
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
      <FieldGroup label="What is reserved">
        <Controller
          control={control}
          name="kind"
          render={({ field }) => (
            <Segmented
              label="What is reserved"
              value={field.value}
              onChange={field.onChange}
              options={[
                { value: 'label', label: 'A label, anywhere' },
                { value: 'exact', label: 'One name' },
                { value: 'suffix', label: 'A suffix' },
              ]}
            />
          )}
        />
      </FieldGroup>
      <Field label="Name" problems={at('value', 'Give the name.')}>
        {(props) => (
          <Input {...props} {...register('value')} className="name" placeholder="login" spellCheck={false} autoCapitalize="none" />
        )}
      </Field>
      <Field label="Reviewed by">
        {(props) => (
          <Controller
            control={control}
            name="group"
            render={({ field }) => (
              <Select
                {...props}
                value={field.value ?? 'security-reviewer'}
                onChange={field.onChange}
                options={[
                  { value: 'security-reviewer', label: 'Security' },
                  { value: 'platform-admin', label: 'Platform owners' },
                  ...(teams.data?.rows ?? []).map((team) => ({ value: `team:${team.slug}`, label: team.name, note: 'team' })),
                ]}
              />
            )}
          />
        )}
      </Field>
      <Field
        label="Reason"
        problems={at('reason', 'Say why; whoever asks for the name sees it.')}
        hint="Shown to whoever asks for the name."
      >
        {(props) => <Textarea {...props} {...register('reason')} className="min-h-16" />}
      </Field>
      {refused && <ProblemPanel problem={refused} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={create.isPending && 'Reserving…'}>
          Reserve it
        </Button>
      </div>
    </form>
  );
}
