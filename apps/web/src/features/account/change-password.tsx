'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { changePasswordInput } from '@hostmaster/core/contract/person';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { formProblems } from '@/lib/field-problems';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { NewPasswordField } from './new-password-field';

const empty = { current: '', password: '' };

/** @param signIn what a password manager keeps the password under */
export function ChangePassword({ signIn }: { signIn: string | null }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { register, handleSubmit, formState, watch, reset } = useForm({
    resolver: zodResolver(changePasswordInput),
    defaultValues: empty,
  });
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: async ({ ended }) => {
        reset(empty);
        await readAgain(trpc.account.sessions.queryFilter());
        toast.success(`Your password is changed.${ended > 0 ? ` ${plural(ended, 'other session')} ended.` : ''}`);
      },
    }),
  );
  const own = { current: 'Give your current password.', password: formState.errors.password?.message ?? '' };
  const { at, rest } = formProblems({ own, errors: formState.errors, error: change.error, sent: change.variables, values: watch() });
  return (
    <Form
      sending={change.isPending}
      aria-label="Change the password"
      className="grid max-w-md gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!change.isPending) void handleSubmit((values) => change.mutate(values))();
      }}
    >
      <input type="text" name="username" autoComplete="username" defaultValue={signIn ?? ''} hidden readOnly />
      <Field label="Current password" problems={at('current')}>
        {(props) => <Input {...props} {...register('current')} type="password" autoComplete="current-password" />}
      </Field>
      <NewPasswordField {...register('password')} problems={at('password')} />
      {rest && <ProblemPanel problem={rest} />}
      <div>
        <Button type="submit" look="primary" busy={change.isPending && 'Changing…'}>
          Change the password
        </Button>
      </div>
    </Form>
  );
}
