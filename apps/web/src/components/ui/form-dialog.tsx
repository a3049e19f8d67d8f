'use client';
// Everything that is asked in a dialog: its fields are made anew each time it opens, it stays open while it works and when
// it fails, and takes no second press meanwhile.
import { type ReactNode, useState } from 'react';
import type { ShownProblem } from '@/lib/problem';
import { Button } from './button';
import { Dialog, DialogClose } from './dialog';
import { Form } from './form';
import { ProblemPanel } from './problem-panel';

export function FormDialog({
  children,
  ...dialog
}: {
  trigger: ReactNode;
  title: string;
  description?: string;
  wide?: boolean;
  /** The form, with the way to close the dialog, and the way to keep everything else from closing it. */
  children: (close: () => void, hold: () => void) => ReactNode;
}) {
  const [state, setState] = useState<'closed' | 'open' | 'held'>('closed');
  return (
    <Dialog
      {...dialog}
      open={state !== 'closed'}
      onOpenChange={(open) => setState((now) => (now === 'held' ? now : open ? 'open' : 'closed'))}
    >
      {children(
        () => setState('closed'),
        () => setState('held'),
      )}
    </Dialog>
  );
}

/** The form in it: fields, what was refused, and the buttons. */
export function DialogForm({
  onSubmit,
  refused = null,
  submit,
  busy,
  danger,
  keep,
  disabled,
  children,
}: {
  onSubmit: () => void;
  /** What no field says already. */
  refused?: ShownProblem | null;
  submit: string;
  /** What is under way, or false. */
  busy: string | false;
  /** It takes something away. */
  danger?: boolean;
  /** The other answer, where it is a question. */
  keep?: string;
  disabled?: boolean;
  children?: ReactNode;
}) {
  return (
    <Form
      sending={busy !== false}
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onSubmit();
      }}
    >
      {children}
      {refused && <ProblemPanel problem={refused} />}
      <div className="flex justify-end gap-2">
        {keep && (
          <DialogClose asChild>
            <Button>{keep}</Button>
          </DialogClose>
        )}
        <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled}>
          {submit}
        </Button>
      </div>
    </Form>
  );
}
