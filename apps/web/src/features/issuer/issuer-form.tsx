'use client';
// "Connect an issuer": where it is, what the CA gave for it, and for which names it may sign.
import type { IssuerKindRow } from '@hostmaster/core/contract/issuer';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { ConnectionFields } from '@/features/connection/connection-fields';
import { nextStep } from '@/features/connection/trial';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { IssuerNameField, IssuerSaidFields } from './issuer-fields';
import { emptyIssuer, type IssuerFormValues, issuerDraftOf, issuerFields } from './issuer-form-values';
import { IssuerTrialFindings, useIssuerTrial } from './issuer-trial';
import { useKinds } from './use-kinds';

export function IssuerForm() {
  const trpc = useTRPC();
  const { rows: zones } = useSuspenseQuery(trpc.zones.list.queryOptions({ limit: 1 })).data;
  const kinds = useKinds();
  return zones.length === 0 ? <NoZone /> : <ConnectForm kinds={kinds} />;
}

const NoZone = () => (
  <Empty
    title="An issuer signs for names of connected zones"
    action={
      <Button asChild look="primary">
        <Link href="/zones/new">Connect a zone</Link>
      </Button>
    }
  >
    No zone is connected yet: connect one first, and the issuer afterwards.
  </Empty>
);

function ConnectForm({ kinds }: { kinds: readonly IssuerKindRow[] }) {
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useForm<IssuerFormValues>({ defaultValues: emptyIssuer(kinds[0]) });
  const kept = useDraft(form, 'connect an issuer', ['secret']);
  const values = form.watch();
  const kind = kinds.find((each) => each.kind === values.kind);
  const trial = useIssuerTrial(values, kind);
  const connect = useMutation(
    trpc.issuers.connect.mutationOptions({
      onSuccess: (issuer) => {
        kept.sent();
        toast.success(`The issuer ${issuer.name} is connected.`);
        void queries.invalidateQueries(trpc.issuers.pathFilter());
        // A request may name its source from now on.
        void queries.invalidateQueries(trpc.account.me.queryFilter());
        router.push('/issuers');
      },
      onError: trial.lapse,
    }),
  );
  const refusal = connect.error ? { error: connect.error, sent: connect.variables } : { error: trial.error, sent: trial.sent };
  const { at, rest } = refusalProblems(issuerFields, { ...refusal, values: issuerDraftOf(values, kind) });
  return (
    <FormProvider {...form}>
      <Card className="max-w-3xl p-4 sm:p-6">
        <Form
          sending={connect.isPending || trial.state === 'working'}
          className="grid gap-5"
          onSubmit={form.handleSubmit((filled) => {
            if (connect.isPending || trial.state === 'working') return;
            connect.reset();
            if (trial.ready) connect.mutate({ ...issuerDraftOf(filled, kind), ...trial.proof });
            else trial.start();
          })}
        >
          <Restored draft={kept} />
          <div className="grid gap-5 sm:grid-cols-2">
            <IssuerNameField at={at} />
            <Field label="Short name" problems={at('slug')} hint="As certificates are listed by it; it cannot be changed later.">
              {(props) => (
                <Input
                  {...props}
                  {...form.register('slug')}
                  spellCheck={false}
                  autoCapitalize="none"
                  autoComplete="off"
                  className="data"
                  placeholder="lets-encrypt"
                />
              )}
            </Field>
          </div>
          {kind && <ConnectionFields kinds={kinds} chosen={kind} label="Kind of issuer" at={at} />}
          <IssuerSaidFields at={at} />
          {kind && (
            <IssuerTrialFindings
              trial={trial}
              kind={kind}
              anyway="Connect it all the same. What is ordered from it waits for as long as the connection does not work."
            />
          )}
          {rest && <ProblemPanel problem={rest} />}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button type="submit" look="primary" busy={connect.isPending ? 'Connecting…' : trial.state === 'working' && 'Asking the CA…'}>
              {nextStep(trial, 'Connect the issuer')}
            </Button>
            <p className="text-ink-3 text-sm">
              The connection is tested first, which orders nothing and makes no account at the CA; the first certificate does.
            </p>
          </div>
        </Form>
      </Card>
    </FormProvider>
  );
}
