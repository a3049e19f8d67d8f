'use client';
// Removing a zone: what it leaves behind is said first; while a name stands in it, it stays.
import type { ZoneDetail } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { TextLink } from '@/components/ui/link';
import { listed, plural } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';

export const RemoveZone = ({ zone }: { zone: ZoneDetail }) => (
  <FormDialog
    trigger={<Button look="danger">Remove</Button>}
    title={`Remove ${zone.apex}?`}
    description="Hostmaster no longer reads it and writes nothing there. Its key is deleted. While a name stands in it or is asked for, it stays."
  >
    {() => <Remove zone={zone} />}
  </FormDialog>
);

/** What stays where it is, a sentence each. */
export function leftBehind({
  recordSetCount,
  retiredCount,
  grants,
  grantsTotal,
}: Pick<ZoneDetail, 'recordSetCount' | 'retiredCount' | 'grants' | 'grantsTotal'>): string[] {
  const suffixes = [...new Set(grants.map(({ suffix }) => suffix))];
  return [
    recordSetCount === 0
      ? 'What is on its servers stays as it is.'
      : `What is on its servers stays as it is: ${plural(recordSetCount, 'record set')} when the zone was last read.`,
    ...(retiredCount === 0 ? [] : [`${plural(retiredCount, 'name')} retired in it and their history stay to be read.`]),
    ...(suffixes.length === 0
      ? []
      : [`Grants stay until they are revoked: ${listed([...suffixes, ...(grantsTotal > grants.length ? ['more'] : [])])}.`]),
  ];
}

/** What is known to keep the zone before anybody asks: the names that stand in it. */
export const InTheWay = ({ zone: { apex, endpointCount } }: { zone: Pick<ZoneDetail, 'apex' | 'endpointCount'> }) =>
  endpointCount > 0 && (
    <Callout state="bad" title={`${plural(endpointCount, 'endpoint')} in it must be retired first.`}>
      <TextLink href={{ pathname: '/endpoints', query: { zone: apex } }}>Look at {endpointCount === 1 ? 'it' : 'them'}</TextLink>; until
      then the zone stays.
    </Callout>
  );

function Remove({ zone }: { zone: ZoneDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const remove = useMutation(
    trpc.zones.remove.mutationOptions({
      onSuccess: () => {
        toast.success(`The zone ${zone.apex} is gone.`);
        router.push('/zones');
        // Not the zone itself: its page stands until the list is there.
        void queries.invalidateQueries(trpc.zones.list.queryFilter());
      },
    }),
  );
  return (
    <DialogForm
      danger
      disabled={zone.endpointCount > 0}
      submit="Remove the zone"
      keep="Keep it"
      busy={remove.isPending && 'Removing…'}
      refused={remove.error ? problemOf(remove.error) : null}
      onSubmit={() => remove.mutate({ id: zone.id })}
    >
      <InTheWay zone={zone} />
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        {leftBehind(zone).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </DialogForm>
  );
}
