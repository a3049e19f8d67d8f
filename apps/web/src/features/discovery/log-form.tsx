'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type TransparencyLogRow, transparencyLogInput } from '@hostmaster/core/contract/transparency';
import { logKinds } from '@hostmaster/core/transparency/log';
import { useMutation } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { formProblems } from '@/lib/field-problems';
import { optionsOf } from '@/lib/options';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { logKindWords } from './words';

export const ConnectLog = () => (
  <FormDialog
    trigger={<Button look="primary">Connect a log</Button>}
    title="Connect a log"
    description="Workers read it from the end that it has now, and keep what is for names of connected zones."
  >
    {(close) => <LogForm done={close} />}
  </FormDialog>
);

const own = {
  address: 'Give its address, such as https://ct.example.com/2026h2/.',
  kind: 'Choose how it is read.',
  publicKey: 'Paste its public key in base64 or PEM.',
};

function LogForm({ done }: { done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { control, register, handleSubmit, formState, watch } = useForm<
    z.input<typeof transparencyLogInput>,
    unknown,
    z.output<typeof transparencyLogInput>
  >({ resolver: zodResolver(transparencyLogInput), defaultValues: { address: '', kind: 'static-ct-api', publicKey: '' } });
  const connect = useMutation(
    trpc.discovery.connectLog.mutationOptions({
      onSuccess: async ({ address }: TransparencyLogRow) => {
        await readAgain(trpc.discovery.pathFilter());
        toast.success(`Workers read ${address} from now on.`);
        done();
      },
    }),
  );
  const { at, rest } = formProblems({ own, errors: formState.errors, error: connect.error, sent: connect.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => connect.mutate(values))}
      refused={rest}
      submit="Connect it"
      busy={connect.isPending && 'Connecting…'}
    >
      <Field label="Address" hint="As its operator publishes it; of a static log, the monitoring prefix." problems={at('address')}>
        {(props) => <Input {...props} {...register('address')} placeholder="https://ct.example.com/2026h2/" className="data" />}
      </Field>
      <Field label="Kind" problems={at('kind')}>
        {(props) => (
          <Controller
            control={control}
            name="kind"
            render={({ field }) => (
              <Select {...props} value={field.value} onChange={field.onChange} options={optionsOf(logKinds, logKindWords)} />
            )}
          />
        )}
      </Field>
      <Field label="Public key" hint="What it signs with, in base64 or PEM." problems={at('publicKey')}>
        {(props) => <Textarea {...props} {...register('publicKey')} className="data min-h-24" spellCheck={false} autoCapitalize="none" />}
      </Field>
    </DialogForm>
  );
}
