'use client';
import type { Request } from '@hostmaster/core/contract/request';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { useTRPC } from '@/lib/trpc';

export function CancelDialog({ request }: { request: Request }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const cancel = useMutation(
    trpc.requests.cancel.mutationOptions({
      onSuccess: (answer) => {
        queries.setQueryData(trpc.requests.get.queryKey({ id: answer.id }), answer);
        void queries.invalidateQueries(trpc.requests.list.queryFilter());
        setOpen(false);
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>Cancel the request</Button>}
      title="Cancel this request?"
      description={`Nothing was done for ${request.unicode} yet, and nothing will be.`}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          cancel.mutate({ id: request.id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
        }}
      >
        <Field label="Why" optional>
          {(props) => <Textarea {...props} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        {cancel.error && <ProblemPanel error={cancel.error} />}
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>Keep it</Button>
          </DialogClose>
          <Button type="submit" look="danger" busy={cancel.isPending && 'Cancelling…'}>
            Cancel the request
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
