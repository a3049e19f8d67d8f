'use client';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog, DialogClose } from './dialog';
import { ProblemPanel } from './problem-panel';

/** Asks before something that cannot be taken back; says what happens, and stays open while it is done or when it fails. */
export function ConfirmDialog({
  trigger,
  title,
  description,
  confirm,
  keep,
  busy,
  error,
  onConfirm,
}: {
  trigger: ReactNode;
  title: string;
  description: string;
  confirm: string;
  keep: string;
  busy: string | false;
  error: unknown;
  onConfirm: () => void;
}) {
  return (
    <Dialog trigger={trigger} title={title} description={description}>
      {error ? <ProblemPanel error={error} className="mb-4" /> : null}
      <div className="flex justify-end gap-2">
        <DialogClose asChild>
          <Button>{keep}</Button>
        </DialogClose>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
