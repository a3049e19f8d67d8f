'use client';
// A question before something is asked of the internal CA: what follows is said, and what became of it.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { UseMutationOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { problemOf } from '@/lib/problem';
import { useCeremony } from './use-ceremony';

type Props<Failure, Input, Context> = {
  trigger: string;
  /** For readers, where the words of the button are not enough. */
  label?: string;
  title: string;
  description: string;
  submit: string;
  danger?: boolean;
  /** A hook: the mutation that asks for it. */
  options: () => UseMutationOptions<Operation, Failure, Input, Context>;
  input: Input;
  children?: ReactNode;
};

export const Confirmed = <Failure, Input, Context>(props: Props<Failure, Input, Context>) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={props.label ?? props.trigger}>
        {props.trigger}
      </Button>
    }
    title={props.title}
    description={props.description}
  >
    {(close) => <Confirm {...props} done={close} />}
  </FormDialog>
);

function Confirm<Failure, Input, Context>({
  submit,
  danger,
  options: useOptions,
  input,
  children,
  done,
}: Props<Failure, Input, Context> & { done: () => void }) {
  const { ask, busy, error, failed } = useCeremony(useOptions(), done);
  return (
    <DialogForm
      submit={submit}
      keep="Keep it as it is"
      danger={danger ?? false}
      busy={busy}
      refused={failed ?? (error ? problemOf(error) : null)}
      onSubmit={() => ask(input)}
    >
      {children}
    </DialogForm>
  );
}
