'use client';
// The button of a row that takes the thing away: it asks first, says what follows, and lets everything that showed the thing be
// read again.
import { type QueryFilters, type UseMutationOptions, useMutation } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { problemOf } from '@/lib/problem';
import { useReadAgain } from '@/lib/use-read-again';
import { Button } from './button';
import { DialogForm, FormDialog } from './form-dialog';

const busyWords = { Remove: 'Removing…', Revoke: 'Revoking…', End: 'Ending…' } as const;

export function TakeAway<Output, Failure, Input, Context>({
  verb,
  kind,
  which,
  title,
  description,
  options,
  input,
  shownBy,
  done,
}: {
  verb: keyof typeof busyWords;
  /** What it is, as the button that confirms says it: `cluster`. */
  kind: string;
  /** The one of this row, after the verb: `the cluster eu-1`. */
  which: string;
  title: string;
  /** What follows. */
  description: string;
  /** The mutation that takes it away, and what it is given. */
  options: UseMutationOptions<Output, Failure, Input, Context>;
  input: Input;
  shownBy: readonly QueryFilters[];
  /** What is so afterwards. */
  done: string;
}) {
  const readAgain = useReadAgain();
  const button = useRef<HTMLButtonElement>(null);
  const leave = useFocusAfterRow(button);
  const taken = useMutation({
    ...options,
    onSuccess: async () => {
      leave();
      await readAgain(...shownBy);
      toast.success(done);
    },
  });
  return (
    <FormDialog
      trigger={
        <Button ref={button} size="sm" look="bare" aria-label={`${verb} ${which}`}>
          {verb}
        </Button>
      }
      title={title}
      description={description}
    >
      {() => (
        <DialogForm
          danger
          submit={`${verb} the ${kind}`}
          keep="Keep it"
          busy={taken.isPending && busyWords[verb]}
          refused={taken.error ? problemOf(taken.error) : null}
          onSubmit={() => taken.mutate(input)}
        />
      )}
    </FormDialog>
  );
}

/** A row that goes takes the focus with it: it goes on at the same button of the next row, or else at the content of the page. */
function useFocusAfterRow(button: RefObject<HTMLElement | null>) {
  const next = useRef<Element | null>(null);
  const leaving = useRef(false);
  useEffect(
    () => () => {
      if (!leaving.current) return;
      const beside = next.current;
      // After the dialog, which gives the focus back to a button that is gone.
      requestAnimationFrame(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        const there = beside?.isConnected ? [...beside.querySelectorAll<HTMLElement>('button, a')].at(-1) : null;
        (there ?? document.getElementById('content'))?.focus();
      });
    },
    [],
  );
  return () => {
    const row = button.current?.closest('tr, li');
    next.current = row?.nextElementSibling ?? row?.previousElementSibling ?? null;
    leaving.current = true;
  };
}
