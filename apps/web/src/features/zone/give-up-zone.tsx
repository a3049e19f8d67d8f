'use client';
// A zone that is gone from its servers for good: given up, its names no longer wait for servers that will not answer.
import type { ZoneDetail } from '@hostmaster/core/contract/zone';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { plural } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export const GiveUpZone = ({ zone }: { zone: ZoneDetail }) => (
  <FormDialog
    trigger={<Button look="danger">Give up</Button>}
    title={`Give up ${zone.apex}?`}
    description="For a zone that is gone from its servers for good. Hostmaster reads and writes nothing there any more, and nothing can be asked for in it."
  >
    {(close) => <GiveUp zone={zone} done={close} />}
  </FormDialog>
);

function GiveUp({ zone: { id, apex, endpointCount }, done }: { zone: ZoneDetail; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const giveUp = useMutation(
    trpc.zones.giveUp.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.zones.pathFilter());
        toast.success(`The zone ${apex} is given up.`);
        done();
      },
    }),
  );
  return (
    <DialogForm
      danger
      submit="Give the zone up"
      keep="Keep it"
      busy={giveUp.isPending && 'Giving up…'}
      refused={giveUp.error ? problemOf(giveUp.error) : null}
      onSubmit={() => giveUp.mutate({ id })}
    >
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        {endpointCount > 0 && (
          <li>
            {plural(endpointCount, 'endpoint')} in it can be retired by {endpointCount === 1 ? 'its team' : 'their teams'} without its
            servers; certificates are revoked then. After that the zone can be removed.
          </li>
        )}
        <li>What its servers still answer, if any do, stays as it is.</li>
        <li>Connecting it anew under Edit takes this back.</li>
      </ul>
    </DialogForm>
  );
}
