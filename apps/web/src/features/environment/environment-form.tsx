'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type EnvironmentRow, environmentInput } from '@hostmaster/core/contract/environment';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { useMe } from '@/features/account/use-me';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export const AddEnvironment = () => (
  <FormDialog
    trigger={<Button look="primary">Add an environment</Button>}
    title="Add an environment"
    description="Grants, zones, clusters and requests can then name it."
  >
    {(close) => <EnvironmentForm done={close} />}
  </FormDialog>
);

export const ChangeEnvironment = ({ environment }: { environment: EnvironmentRow }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Change the environment ${environment.name}`}>
        Change
      </Button>
    }
    title={`Change ${environment.name}`}
    description={`Contracts go on calling it ${environment.slug}, so nothing that uses it changes.`}
  >
    {(close) => <EnvironmentForm environment={environment} done={close} />}
  </FormDialog>
);

type Values = z.input<typeof environmentInput>;

const own = {
  slug: 'Give a short name of lower-case letters, digits and inner hyphens.',
  name: 'Give the name that people read.',
  rank: 'Give a whole number from 0 to 10,000.',
};

/** @param environment the one that changes; without it, one is made */
function EnvironmentForm({ environment, done }: { environment?: EnvironmentRow; done: () => void }) {
  const { environments } = useMe();
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof environmentInput>>({
    resolver: zodResolver(environmentInput),
    defaultValues: {
      slug: environment?.slug ?? '',
      name: environment?.name ?? '',
      rank: environment?.rank ?? (environments.at(-1)?.rank ?? 0) + 10,
    },
  });
  const onSuccess = async ({ name }: EnvironmentRow) => {
    await readAgain(trpc.environments.pathFilter(), trpc.account.me.queryFilter());
    toast.success(environment ? `The environment ${name} is changed.` : `The environment ${name} can be chosen now.`);
    done();
  };
  const create = useMutation(trpc.environments.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.environments.update.mutationOptions({ onSuccess }));
  const save = environment ? update : create;
  const { at, rest } = formProblems({ own, errors: formState.errors, error: save.error, sent: save.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => save.mutate(values))}
      refused={rest}
      submit={environment ? 'Save the change' : 'Add the environment'}
      busy={save.isPending && 'Saving…'}
    >
      <Field label="Name" problems={at('name')}>
        {(props) => <Input {...props} {...register('name')} placeholder="Quality assurance" />}
      </Field>
      {!environment && (
        <Field label="Short name" hint="In contracts and in the API; it never changes." problems={at('slug')}>
          {(props) => <Input {...props} {...register('slug')} className="data" placeholder="qa" spellCheck={false} autoCapitalize="none" />}
        </Field>
      )}
      <Field label="Place in lists" hint="The smallest number comes first." problems={at('rank')}>
        {(props) => <Input {...props} {...register('rank', { valueAsNumber: true })} inputMode="numeric" className="tabular-nums" />}
      </Field>
    </DialogForm>
  );
}
