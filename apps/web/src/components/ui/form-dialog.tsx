'use client';
// Everything that is asked in a dialog: its fields are made anew each time it opens, it stays open while it works and when
// it fails, and takes no second press meanwhile. What was typed there is not thrown away by one press of Escape.
import { type ReactNode, useState } from 'react';
import type { ShownProblem } from '@/lib/problem';
import { Button } from './button';
import { Callout } from './callout';
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
  const [state, setState] = useState<'closed' | 'open' | 'typed' | 'asked' | 'held'>('closed');
  return (
    <Dialog
      {...dialog}
      open={state !== 'closed'}
      onOpenChange={(open) => setState((now) => (now === 'held' ? now : open ? 'open' : now === 'typed' ? 'asked' : 'closed'))}
    >
      {state === 'asked' && (
        <div className="mb-5" role="alert" ref={(said) => said?.scrollIntoView({ block: 'nearest' })}>
          <Callout state="wait" title="What you typed here is not kept. Close once more to throw it away." />
        </div>
      )}
      {/* Nothing to act on itself: it hears what is typed in the fields within. */}
      <div onInput={() => setState((now) => (now === 'open' || now === 'asked' ? 'typed' : now))}>
        {children(
          () => setState('closed'),
          () => setState('held'),
        )}
      </div>
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
