'use client';
// "Connect a destination", and "Edit": where it is, and what lets Hostmaster in, which is given again with every change, since nobody can
// read it.
import type { DestinationDraft, DestinationRow, DestinationTrialDraft } from '@hostmaster/core/contract/destination';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { ConnectionFields } from '@/features/connection/connection-fields';
import { type ConnectionValues, connectionDraftOf, connectionValuesOf, emptyConnection } from '@/features/connection/connection-values';
import { nextStep, TrialFindings, useTrial } from '@/features/connection/trial';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { useDestinationKinds } from './use-destinations';

type Values = ConnectionValues & { slug: string };

/** What the form has a control for: all of it but the test. */
const fields = Object.keys({ slug: true, connection: true } satisfies Record<Exclude<keyof DestinationDraft, 'trial' | 'untested'>, true>);

export function EditDestination({ id }: { id: string }) {
  const trpc = useTRPC();
  // As it was when the form was opened: what somebody else changes meanwhile is a conflict, and not lost.
  const { data } = useSuspenseQuery({ ...trpc.destinations.get.queryOptions({ id }), refetchOnWindowFocus: false });
  const [destination] = useState(data);
  return (
    <>
      <PageHeader
        crumb={{ href: '/destinations', label: 'Destinations' }}
        title={`Edit ${destination.slug}`}
        sub={
          <p>
            Its short name stays, and its address while a certificate is there. What lets Hostmaster in is given again with every change.
          </p>
        }
      />
      <DestinationForm destination={destination} />
    </>
  );
}

/** @param destination the one that changes; without it, one is connected */
export function DestinationForm({ destination }: { destination?: DestinationRow }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const all = useDestinationKinds();
  const kinds = destination ? all.filter(({ kind }) => kind === destination.kind) : all;
  const form = useForm<Values>({
    defaultValues: destination
      ? { slug: destination.slug, ...connectionValuesOf(destination, kinds[0]) }
      : { slug: '', ...emptyConnection(kinds[0]) },
  });
  const kept = useDraft(form, destination ? `destination ${destination.id} ${destination.version}` : 'connect a destination', ['secret']);
  const values = form.watch();
  const kind = kinds.find((each) => each.kind === values.kind);
  const connection = connectionDraftOf(values, kind) as DestinationTrialDraft['connection'];
  const trial = useTrial<DestinationTrialDraft, unknown>({ connection }, trpc.destinations.try.mutationOptions() as never);
  const onSuccess = (saved: DestinationRow) => {
    kept.sent();
    toast.success(destination ? `The destination ${saved.slug} is changed.` : `The destination ${saved.slug} is connected.`);
    void queries.invalidateQueries(trpc.destinations.pathFilter());
    router.push('/destinations');
  };
  const connect = useMutation(trpc.destinations.connect.mutationOptions({ onSuccess, onError: trial.lapse }));
  const update = useMutation(trpc.destinations.update.mutationOptions({ onSuccess, onError: trial.lapse }));
  const save = destination ? update : connect;
  const refusal = save.error ? { error: save.error, sent: save.variables } : { error: trial.error, sent: trial.sent };
  const { at, rest } = refusalProblems(fields, { ...refusal, values: { slug: values.slug.trim(), connection } });
  return (
    <FormProvider {...form}>
      <Card className="max-w-3xl p-4 sm:p-6">
        <Form
          sending={save.isPending || trial.state === 'working'}
          className="grid gap-5"
          onSubmit={form.handleSubmit(() => {
            if (save.isPending || trial.state === 'working') return;
            save.reset();
            if (!trial.ready) trial.start();
            else if (destination) update.mutate({ id: destination.id, version: destination.version, connection, ...trial.proof });
            else connect.mutate({ slug: values.slug.trim(), connection, ...trial.proof });
          })}
        >
          <Restored draft={kept} />
          {!destination && (
            <Field label="Short name" problems={at('slug')} hint="As clusters and messages name it; it cannot be changed later.">
              {(props) => (
                <Input
                  {...props}
                  {...form.register('slug')}
                  spellCheck={false}
                  autoCapitalize="none"
                  autoComplete="off"
                  className="data"
                  placeholder="k8s-2"
                />
              )}
            </Field>
          )}
          {kind && <ConnectionFields kinds={kinds} chosen={kind} label="Kind of destination" at={at} />}
          {kind && (
            <TrialFindings
              trial={trial}
              checks={kind.checks}
              besides={null}
              anyway={`${destination ? 'Save' : 'Connect'} it all the same. What is to be put there waits for as long as the connection does not work.`}
            />
          )}
          {rest && <ProblemPanel problem={rest} />}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button
              type="submit"
              look="primary"
              busy={save.isPending ? (destination ? 'Saving…' : 'Connecting…') : trial.state === 'working' && 'Asking it…'}
            >
              {nextStep(trial, destination ? 'Save the change' : 'Connect the destination')}
            </Button>
            {destination && (
              <Button asChild>
                <Link href="/destinations">Keep it as it is</Link>
              </Button>
            )}
            <p className="text-ink-3 text-sm">The connection is tested first, which puts nothing there.</p>
          </div>
        </Form>
      </Card>
    </FormProvider>
  );
}
