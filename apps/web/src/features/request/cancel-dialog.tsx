'use client';
import type { Request } from '@hostmaster/core/contract/request';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useKeptText } from '@/lib/use-draft';

export function CancelDialog({ request }: { request: Request }) {
  return (
    <FormDialog
      trigger={<Button>Cancel the request</Button>}
      title="Cancel this request?"
      description={
        request.state === 'approved'
          ? `The work on ${request.unicode} ends, and what it has written so far is taken back.`
          : `Nothing was done for ${request.unicode} yet, and nothing will be.`
      }
    >
      {(close) => <Cancel request={request} done={close} />}
    </FormDialog>
  );
}

function Cancel({ request, done }: { request: Request; done: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason, sent] = useKeptText(`cancel ${request.id}`);
  const cancel = useMutation(
    trpc.requests.cancel.mutationOptions({
      onSuccess: (answer) => {
        sent();
        queries.setQueryData(trpc.requests.get.queryKey({ id: answer.id }), answer);
        void queries.invalidateQueries(trpc.requests.list.queryFilter());
        done();
      },
    }),
  );
  const values = { id: request.id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
  const { at, rest } = refusalProblems(['reason'], { error: cancel.error, sent: cancel.variables, values });
  return (
    <DialogForm
      onSubmit={() => cancel.mutate(values)}
      refused={rest}
      submit="Cancel the request"
      busy={cancel.isPending && 'Cancelling…'}
      danger
      keep="Keep it"
    >
      <Field label="Why" optional problems={at('reason')}>
        {(props) => <Textarea {...props} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
    </DialogForm>
  );
}
