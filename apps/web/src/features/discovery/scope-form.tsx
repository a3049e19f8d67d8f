'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type DiscoveryScope, discoveryScopeInput } from '@hostmaster/core/contract/discovery';
import { useMutation } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useTeams } from '@/features/team/use-teams';
import { formProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export const AllowScope = () => (
  <FormDialog
    trigger={<Button look="primary">Allow hosts to be looked at</Button>}
    title="Allow hosts to be looked at"
    description="Workers connect to each over TLS, read its certificates and send nothing. Nothing else is ever looked at."
  >
    {(close) => <ScopeForm done={close} />}
  </FormDialog>
);

export const ChangeScope = ({ scope }: { scope: DiscoveryScope }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Change ${scope.name}`}>
        Change
      </Button>
    }
    title={`Change ${scope.name}`}
    description="The look begins anew. What was found stays, and is gone once it is not seen any more."
  >
    {(close) => <ScopeForm scope={scope} done={close} />}
  </FormDialog>
);

type Values = z.input<typeof discoveryScopeInput>;

const own = {
  name: 'Give it a name.',
  targets: 'Give an address, a range such as 10.0.0.0/24, or a hostname on each line.',
  ports: 'Give one port to sixteen, such as 443, 8443.',
  everyHours: 'Give a whole number from 1 to 168.',
  team: 'Choose a team that there is.',
};

/** What is apart by lines, blanks or commas; a list stays one. */
const parts = (given: string | readonly unknown[]): string[] =>
  typeof given === 'string' ? given.split(/[\s,]+/).filter((part) => part !== '') : given.map(String);

/** @param scope the one that changes; without it, one is made */
function ScopeForm({ scope, done }: { scope?: DiscoveryScope; done: () => void }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const teams = useTeams();
  const { name = '', targets = [], ports = [443], everyHours = 24, team = null } = scope ?? {};
  const { control, register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof discoveryScopeInput>>({
    resolver: zodResolver(discoveryScopeInput),
    defaultValues: { name, targets, ports, everyHours, team },
  });
  const onSuccess = async (saved: DiscoveryScope) => {
    await readAgain(trpc.discovery.pathFilter());
    toast.success(`Workers look at ${saved.name} now.`);
    done();
  };
  const allow = useMutation(trpc.discovery.allow.mutationOptions({ onSuccess }));
  const change = useMutation(trpc.discovery.change.mutationOptions({ onSuccess }));
  const save = scope ? change : allow;
  const { at, rest } = formProblems({ own, errors: formState.errors, error: save.error, sent: save.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) =>
        scope ? change.mutate({ id: scope.id, version: scope.version, ...values }) : allow.mutate(values),
      )}
      refused={rest}
      submit={scope ? 'Save the change' : 'Allow it'}
      busy={save.isPending && 'Saving…'}
    >
      <Field label="Name" problems={at('name')}>
        {(props) => <Input {...props} {...register('name')} placeholder="Office network" />}
      </Field>
      <Field label="Hosts and ranges" hint="One on each line: 10.0.0.0/24, 192.0.2.7 or legacy.example.com." problems={at('targets')}>
        {(props) => (
          <Controller
            control={control}
            name="targets"
            render={({ field }) => (
              <Textarea
                {...props}
                defaultValue={targets.join('\n')}
                onChange={(event) => field.onChange(parts(event.target.value))}
                onBlur={field.onBlur}
                className="data min-h-24"
                spellCheck={false}
                autoCapitalize="none"
              />
            )}
          />
        )}
      </Field>
      <Field label="Ports" problems={at('ports')}>
        {(props) => (
          <Controller
            control={control}
            name="ports"
            render={({ field }) => (
              <Input
                {...props}
                defaultValue={ports.join(', ')}
                onChange={(event) => field.onChange(parts(event.target.value).map(Number))}
                onBlur={field.onBlur}
                className="tabular-nums"
                placeholder="443, 8443"
              />
            )}
          />
        )}
      </Field>
      <Field label="Hours between looks" problems={at('everyHours')}>
        {(props) => <Input {...props} {...register('everyHours', { setValueAs: Number })} inputMode="numeric" className="tabular-nums" />}
      </Field>
      <Field label="Team" optional hint="Whose what is found there likely is, where no name in it says more." problems={at('team')}>
        {(props) => (
          <Controller
            control={control}
            name="team"
            render={({ field }) => (
              <Select
                {...props}
                value={field.value ?? nobody}
                onChange={(chosen) => field.onChange(chosen === nobody ? null : chosen)}
                options={[
                  { value: nobody, label: 'Nobody in particular' },
                  ...teams.map((each) => ({ value: each.slug, label: each.name })),
                ]}
              />
            )}
          />
        )}
      </Field>
    </DialogForm>
  );
}

/** No short name. */
const nobody = ' ';
