'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type DiscoveredDetail, knownInput } from '@hostmaster/core/contract/discovery';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { TakeAway } from '@/components/ui/take-away';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { nameOf } from './words';

export const MarkKnown = ({ found }: { found: DiscoveredDetail }) => (
  <FormDialog
    trigger={<Button look={found.verdict === 'unknown' ? 'primary' : 'quiet'}>Mark as known</Button>}
    title={`Mark ${nameOf(found)} as known`}
    description="It is asked about no more until its end, or for 90 days where that is past or cannot be read. Your name and the reason stand beside it, and in the audit trail."
  >
    {(close) => <KnownForm id={found.id} done={close} />}
  </FormDialog>
);

const own = { reason: 'Say why it is in order.' };

function KnownForm({ id, done }: { id: string; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { register, handleSubmit, formState, watch } = useForm({ resolver: zodResolver(knownInput), defaultValues: { id, reason: '' } });
  const mark = useMutation(
    trpc.discovery.markKnown.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.discovery.pathFilter(), trpc.account.home.queryFilter());
        toast.success('It is known now.');
        done();
      },
    }),
  );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: mark.error, sent: mark.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => mark.mutate(values))}
      refused={rest}
      submit="Mark as known"
      busy={mark.isPending && 'Marking…'}
    >
      <Field label="Reason" problems={at('reason')} hint="Who looks after it, and why it is not from here; at most 500 characters.">
        {(props) => <Textarea {...props} {...register('reason')} className="min-h-16" maxLength={500} />}
      </Field>
    </DialogForm>
  );
}

export function WithdrawKnown({ found }: { found: DiscoveredDetail }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="End"
      kind="confirmation"
      which={`the confirmation of ${nameOf(found)}`}
      title="Ask about it again?"
      description="It is unknown again from now on, as if nobody had said that it is in order."
      options={trpc.discovery.withdrawKnown.mutationOptions()}
      input={{ id: found.id }}
      shownBy={[trpc.discovery.pathFilter(), trpc.account.home.queryFilter()]}
      done="It is unknown again."
    />
  );
}
