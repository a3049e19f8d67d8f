'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { teamInput } from '@hostmaster/core/contract/governance';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export function AddTeam() {
  return (
    <FormDialog
      trigger={<Button look="primary">Add a team</Button>}
      title="Add a team"
      description="You become its first maintainer, and can let others in."
    >
      {(close) => <TeamForm done={close} />}
    </FormDialog>
  );
}

const own = { name: 'Give the team a name.', slug: 'Give a short name of lower-case letters, digits and inner hyphens.' };

function TeamForm({ done }: { done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { register, handleSubmit, formState, watch } = useForm({ resolver: zodResolver(teamInput), defaultValues: { slug: '', name: '' } });
  const create = useMutation(
    trpc.teams.create.mutationOptions({
      onSuccess: async (team) => {
        // Whoever adds it is in it.
        await readAgain(trpc.teams.pathFilter(), trpc.account.pathFilter());
        toast.success(`The team ${team.name} exists.`);
        done();
      },
    }),
  );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => create.mutate(values))}
      refused={rest}
      submit="Add the team"
      busy={create.isPending && 'Adding…'}
    >
      <Field label="Name" problems={at('name')}>
        {(props) => <Input {...props} {...register('name')} placeholder="Order platform" />}
      </Field>
      <Field label="Short name" hint="In contracts and in the API." problems={at('slug')}>
        {(props) => (
          <Input {...props} {...register('slug')} className="data" placeholder="order-platform" spellCheck={false} autoCapitalize="none" />
        )}
      </Field>
    </DialogForm>
  );
}
