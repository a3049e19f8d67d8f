'use client';
import type { DestinationRow } from '@hostmaster/core/contract/destination';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Checkbox } from '@/components/ui/input';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export const RemoveDestination = ({ destination }: { destination: DestinationRow }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Remove the destination ${destination.slug}`}>
        Remove
      </Button>
    }
    title={`Remove ${destination.slug}?`}
    description="Its secret is deleted. While a cluster is attached to it, it stays; what was delivered there is taken back within minutes of the detaching."
  >
    {(close) => <RemoveIt destination={destination} done={close} />}
  </FormDialog>
);

function RemoveIt({ destination: { id, slug }, done }: { destination: DestinationRow; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const [abandon, setAbandon] = useState(false);
  const remove = useMutation(
    trpc.destinations.remove.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.destinations.pathFilter());
        toast.success(`The destination ${slug} is gone.`);
        done();
      },
    }),
  );
  return (
    <DialogForm
      danger
      submit="Remove the destination"
      keep="Keep it"
      busy={remove.isPending && 'Removing…'}
      refused={remove.error ? problemOf(remove.error) : null}
      onSubmit={() => remove.mutate({ id, abandon })}
    >
      <Checkbox checked={abandon} onChange={(event) => setAbandon(event.target.checked)}>
        It is gone for good: forget what was delivered there
      </Checkbox>
    </DialogForm>
  );
}
