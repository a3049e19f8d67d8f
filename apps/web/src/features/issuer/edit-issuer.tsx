'use client';
// "Edit": what is said of an issuer, and, where that is wanted, where it is; that takes the secret anew, since nobody can read it.
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Form } from '@/components/ui/form';
import { Checkbox } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { ConnectionFields } from '@/features/connection/connection-fields';
import { nextStep } from '@/features/connection/trial';
import { refusalProblems } from '@/lib/field-problems';
import { nothingChanged } from '@/lib/nothing-changed';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { IssuerNameField, IssuerSaidFields } from './issuer-fields';
import { type ConnectedIssuer, type IssuerFormValues, issuerChangeOf, issuerFields, valuesOf } from './issuer-form-values';
import { IssuerTrialFindings, useIssuerTrial } from './issuer-trial';
import { useKinds } from './use-kinds';

export function EditIssuer({ id }: { id: string }) {
  const trpc = useTRPC();
  // As it was when the form was opened: what somebody else changes meanwhile is a conflict, and not lost.
  const { data } = useSuspenseQuery({ ...trpc.issuers.get.queryOptions({ id }), refetchOnWindowFocus: false });
  const [{ connection, ...issuer }] = useState(data);
  return (
    <>
      <PageHeader
        crumb={{ href: '/issuers', label: 'Issuers' }}
        title={`Edit ${issuer.name}`}
        sub={
          <p>
            Its short name stays: <span className="data">{issuer.slug}</span>.
          </p>
        }
      />
      {connection === null ? (
        <Card>
          <Empty title="This CA is made here">It follows the zones; there is nothing to change about it.</Empty>
        </Card>
      ) : (
        <EditForm issuer={{ ...issuer, connection }} />
      )}
    </>
  );
}

function EditForm({ issuer }: { issuer: ConnectedIssuer }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const kind = useKinds().find((each) => each.kind === issuer.kind);
  const [reconnect, setReconnect] = useState(false);
  const form = useForm<IssuerFormValues>({ defaultValues: valuesOf(issuer, kind) });
  const kept = useDraft(form, `issuer ${issuer.id} ${issuer.version}`, ['secret']);
  const values = form.watch();
  const trial = useIssuerTrial(values, kind);
  const update = useMutation(
    trpc.issuers.update.mutationOptions({
      onSuccess: (changed) => {
        kept.sent();
        toast.success(changed.version === issuer.version ? nothingChanged : `The issuer ${changed.name} is changed.`);
        void queries.invalidateQueries(trpc.issuers.pathFilter());
        router.push('/issuers');
      },
      onError: trial.lapse,
    }),
  );
  const refusal = update.error || !reconnect ? { error: update.error, sent: update.variables } : { error: trial.error, sent: trial.sent };
  const { at, rest } = refusalProblems(issuerFields, { ...refusal, values: issuerChangeOf(issuer, values, kind, reconnect) });
  return (
    <FormProvider {...form}>
      <Card className="max-w-3xl p-4 sm:p-6">
        <Form
          sending={update.isPending || trial.state === 'working'}
          className="grid gap-5"
          onSubmit={form.handleSubmit((filled) => {
            if (update.isPending || trial.state === 'working') return;
            update.reset();
            if (!reconnect) update.mutate(issuerChangeOf(issuer, filled, kind, false));
            else if (trial.ready) update.mutate({ ...issuerChangeOf(issuer, filled, kind, true), ...trial.proof });
            else trial.start();
          })}
        >
          <Restored draft={kept} />
          <IssuerNameField at={at} />
          {kind && (
            <Checkbox checked={reconnect} onChange={(event) => setReconnect(event.target.checked)}>
              Change where it is, or what the CA gave for it: it is tested before it is stored, and a secret that it has is given again, or
              goes
            </Checkbox>
          )}
          {reconnect && kind && <ConnectionFields kinds={[kind]} chosen={kind} label="Kind of issuer" at={at} />}
          <IssuerSaidFields at={at} />
          {reconnect && kind && (
            <IssuerTrialFindings
              trial={trial}
              kind={kind}
              anyway="Save it all the same. What is ordered from it waits for as long as the connection does not work."
            />
          )}
          {rest && <ProblemPanel problem={rest} />}
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              look="primary"
              busy={update.isPending ? 'Saving…' : reconnect && trial.state === 'working' && 'Asking the CA…'}
            >
              {reconnect ? nextStep(trial, 'Save the change') : 'Save the change'}
            </Button>
            <Button asChild>
              <Link href="/issuers">Keep it as it is</Link>
            </Button>
          </div>
        </Form>
      </Card>
    </FormProvider>
  );
}
