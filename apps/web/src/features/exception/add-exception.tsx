'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { exceptionInput, type exceptionPage } from '@hostmaster/core/contract/exception';
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
import { endOfDay } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { useReadAgain } from '@/lib/use-read-again';

type Rules = z.output<typeof exceptionPage>['rules'];

export const AddException = ({ rules }: { rules: Rules }) => (
  <FormDialog
    trigger={<Button look="primary">Record an exception</Button>}
    title="Record an exception"
    description="The rule no longer stands in the way of the name; every decision that stands on it shows your name and the reason."
  >
    {(close) => <ExceptionForm rules={rules} done={close} />}
  </FormDialog>
);

const own = {
  rule: 'Choose the rule.',
  hostname: 'Give the name.',
  reason: 'Say why.',
  until: 'Choose the last day.',
};

function ExceptionForm({ rules, done }: { rules: Rules; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const form = useForm({
    resolver: zodResolver(exceptionInput),
    defaultValues: { rule: '', hostname: '', reason: '', until: '' },
  });
  const { control, register, handleSubmit, formState, watch } = form;
  const kept = useDraft(form, 'record an exception');
  const create = useMutation(
    trpc.exceptions.create.mutationOptions({
      onSuccess: async ({ rule, hostname }) => {
        kept.sent();
        await readAgain(trpc.exceptions.pathFilter());
        toast.success(`${rule} no longer stands in the way of ${hostname}.`);
        done();
      },
    }),
  );
  const values = watch();
  const { at, rest } = formProblems({ own, errors: formState.errors, error: create.error, sent: create.variables, values });
  return (
    <DialogForm
      onSubmit={handleSubmit((input) => create.mutate(input))}
      refused={rest}
      submit="Record the exception"
      busy={create.isPending && 'Recording…'}
    >
      <Field label="Rule" problems={at('rule')} hint={rules.find(({ name }) => name === values.rule)?.holds}>
        {(props) => (
          <Controller
            control={control}
            name="rule"
            render={({ field }) => (
              <Select
                {...props}
                mono
                value={field.value}
                onChange={field.onChange}
                placeholder="Choose a rule"
                options={rules.map(({ name }) => ({ value: name, label: name }))}
              />
            )}
          />
        )}
      </Field>
      <Field label="Name" problems={at('hostname')}>
        {(props) => (
          <Input
            {...props}
            {...register('hostname')}
            className="name"
            placeholder="orders.dev.example.com"
            spellCheck={false}
            autoCapitalize="none"
          />
        )}
      </Field>
      <Field label="Until" hint="To the end of this day, UTC; a year at most." problems={at('until')}>
        {(props) => <Input {...props} {...register('until', { setValueAs: endOfDay })} type="date" className="tabular-nums" />}
      </Field>
      <Field label="Reason" problems={at('reason')} hint="Shown with every decision that stands on it.">
        {(props) => <Textarea {...props} {...register('reason')} className="min-h-16" />}
      </Field>
    </DialogForm>
  );
}
