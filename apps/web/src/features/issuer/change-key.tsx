'use client';
// Another key for the account at a CA: what follows is said before, and afterwards how far it is.
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { useKinds } from './use-kinds';

export function ChangeKey({ issuer }: { issuer: IssuerRow }) {
  const kind = useKinds().find((each) => each.kind === issuer.kind);
  if (kind?.capabilities.changeKey !== true || !issuer.hasAccount || issuer.keyChange?.state === 'under-way') return null;
  return (
    <FormDialog
      trigger={
        <Button size="sm" look="bare" aria-label={`Change key of ${issuer.name}`}>
          Change key
        </Button>
      }
      title={`Change the account key of ${issuer.name}?`}
      description="The account at the CA stays, and is known by a new key, which a worker makes. Do this where the key may be known to somebody else, and now and then."
    >
      {(close) => <ChangeIt issuer={issuer} done={close} />}
    </FormDialog>
  );
}

function ChangeIt({ issuer: { id, name }, done }: { issuer: IssuerRow; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const change = useMutation(
    trpc.issuers.changeKey.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.issuers.pathFilter());
        toast.success(`A worker changes the account key of ${name}.`);
        done();
      },
    }),
  );
  return (
    <DialogForm
      submit="Change the key"
      keep="Keep it"
      busy={change.isPending && 'Asking…'}
      refused={change.error ? problemOf(change.error) : null}
      onSubmit={() => change.mutate({ id })}
    >
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        <li>What is ordered or revoked there meanwhile waits, for about half a minute.</li>
        <li>Certificates, open orders and the limits of the account stay as they are.</li>
        <li>The key before signs for nothing afterwards.</li>
      </ul>
    </DialogForm>
  );
}
