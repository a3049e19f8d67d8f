'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { type ClusterRow, clusterInput } from '@hostmaster/core/contract/cluster';
import { useMutation } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Checkbox, Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { useDestinations } from '@/features/destination/use-destinations';
import { formProblems } from '@/lib/field-problems';
import { usesText } from '@/lib/format/uses';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

export const AddCluster = () => (
  <FormDialog
    trigger={<Button look="primary">Add a cluster</Button>}
    title="Add a cluster"
    description="Requests can then choose it in place of an address."
  >
    {(close) => <ClusterForm done={close} />}
  </FormDialog>
);

export function ChangeCluster({ cluster }: { cluster: ClusterRow }) {
  const uses = usesText(cluster.uses);
  return (
    <FormDialog
      trigger={
        <Button size="sm" look="bare" aria-label={`Change the cluster ${cluster.slug}`}>
          Change
        </Button>
      }
      title={`Change ${cluster.slug}`}
      description={
        uses === null
          ? 'Nothing leads to it yet.'
          : `Used by ${uses}. What leads there stays as it is, and is held against the new settings when it is next changed.`
      }
    >
      {(close) => <ClusterForm cluster={cluster} done={close} />}
    </FormDialog>
  );
}

type Values = z.input<typeof clusterInput>;

const defaults = clusterInput.pick({ public: true, certificateLimit: true }).parse({});
const own = {
  slug: 'Give a short name of lower-case letters, digits and inner hyphens.',
  hostname: 'Give the name under which it is reached.',
  environment: 'Choose its environment.',
  certificateLimit: 'Give a whole number from 1 to 100,000, or nothing.',
  destination: 'Choose a destination that is connected.',
};

/** @param cluster the one that changes; without it, one is added */
function ClusterForm({ cluster, done }: { cluster?: ClusterRow; done: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const destinations = useDestinations();
  const {
    slug = '',
    hostname = '',
    environment = '',
    public: open = defaults.public,
    certificateLimit = null,
    destination = null,
  } = cluster ?? {};
  const { control, register, handleSubmit, formState, watch } = useForm<Values, unknown, z.output<typeof clusterInput>>({
    resolver: zodResolver(clusterInput),
    defaultValues: { slug, hostname, environment, public: open, certificateLimit, destination },
  });
  const onSuccess = async (saved: ClusterRow) => {
    await readAgain(trpc.clusters.pathFilter(), trpc.account.me.queryFilter());
    toast.success(cluster ? `The cluster ${saved.slug} is changed.` : `The cluster ${saved.slug} can be chosen now.`);
    done();
  };
  const create = useMutation(trpc.clusters.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.clusters.update.mutationOptions({ onSuccess }));
  const save = cluster ? update : create;
  const { at, rest } = formProblems({ own, errors: formState.errors, error: save.error, sent: save.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => save.mutate(values))}
      refused={rest}
      submit={cluster ? 'Save the change' : 'Add the cluster'}
      busy={save.isPending && 'Saving…'}
    >
      {!cluster && (
        <Field label="Short name" hint="In contracts and in the API; it never changes." problems={at('slug')}>
          {(props) => <Input {...props} {...register('slug')} className="data" placeholder="k8s-2" {...asTyped} />}
        </Field>
      )}
      <Field
        label="Hostname"
        hint={
          cluster && cluster.uses.length > 0
            ? 'Stays as long as something leads to it.'
            : 'Names that lead to it become aliases (CNAME) of this one.'
        }
        problems={at('hostname')}
      >
        {(props) => <Input {...props} {...register('hostname')} className="name" placeholder="k8s-2.clusters.example.com" {...asTyped} />}
      </Field>
      <Field label="Environment" hint="Names of other environments are refused there." problems={at('environment')}>
        {(props) => (
          <Controller
            control={control}
            name="environment"
            render={({ field }) => (
              <Select
                {...props}
                value={field.value}
                onChange={field.onChange}
                placeholder="Choose an environment"
                options={me.environments.map((each) => ({ value: each.slug, label: each.name, note: each.slug }))}
              />
            )}
          />
        )}
      </Field>
      <Field
        label="Certificates go to"
        optional
        hint="A destination that is connected; else the directory of the worker, where it has one."
        problems={at('destination')}
      >
        {(props) => (
          <Controller
            control={control}
            name="destination"
            render={({ field }) => (
              <Select
                {...props}
                value={field.value ?? nowhere}
                onChange={(chosen) => field.onChange(chosen === nowhere ? null : chosen)}
                options={[
                  { value: nowhere, label: 'The directory of the worker' },
                  ...destinations.map((each) => ({ value: each.slug, label: each.slug, note: each.kind })),
                ]}
              />
            )}
          />
        )}
      </Field>
      <Checkbox {...register('public')}>Takes public traffic; internal and partner names are refused there then</Checkbox>
      <Field
        label="Certificates at most"
        optional
        hint="What its load balancer holds, such as 25; left empty, any number."
        problems={at('certificateLimit')}
      >
        {(props) => (
          <Input
            {...props}
            {...register('certificateLimit', {
              setValueAs: (text: string | number | null) => (text === '' || text === null ? null : Number(text)),
            })}
            inputMode="numeric"
            className="tabular-nums"
          />
        )}
      </Field>
    </DialogForm>
  );
}

/** No short name. */
const nowhere = ' ';
const asTyped = { spellCheck: false, autoCapitalize: 'none' } as const;
