'use client';
// Retiring a name: the plan is shown first, exactly as it will be carried out.
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { ProblemPanel, ViolationList } from '@/components/ui/problem-panel';
import { Bone } from '@/components/ui/skeleton';
import { PlanSteps } from '@/features/plan/what-will-happen';
import { refusalProblems } from '@/lib/field-problems';
import { listed } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useKeptText } from '@/lib/use-draft';
import { retirementWords, staying } from './retirement-words';

export function RetireDialog({ endpoint }: { endpoint: EndpointDetail }) {
  return (
    <FormDialog
      wide
      trigger={<Button look="danger">Retire</Button>}
      title={`Retire ${endpoint.unicode}?`}
      description={retirementWords(endpoint)}
    >
      {() => <Retire endpoint={endpoint} />}
    </FormDialog>
  );
}

function Retire({ endpoint }: { endpoint: EndpointDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [reason, setReason, sent] = useKeptText(`retire ${endpoint.id}`);
  const draft = { kind: 'retire' as const, contract: endpoint.contract };
  const check = useQuery({ ...trpc.requests.check.queryOptions(draft), staleTime: 0, retry: false });
  const create = useMutation(
    trpc.requests.create.mutationOptions({
      onSuccess: (request) => {
        sent();
        void queries.invalidateQueries(trpc.endpoints.pathFilter());
        router.push(`/requests/${request.id}`);
      },
    }),
  );
  const decision = check.data?.decision;
  const reviews = decision?.reviews ?? [];
  const stays = check.data?.plan ? staying(check.data.plan) : [];
  const justification = reason.trim();
  const values = justification === '' ? draft : { ...draft, contract: { ...draft.contract, justification } };
  const { at, rest } = refusalProblems(['contract.justification'], { error: create.error, sent: create.variables, values });
  return (
    <DialogForm
      onSubmit={() => create.mutate(values)}
      refused={rest}
      submit="Retire the name"
      busy={create.isPending && 'Asking…'}
      danger
      keep="Keep it"
      disabled={!check.data?.plan || decision?.outcome === 'deny'}
    >
      {check.error ? (
        <ProblemPanel error={check.error} />
      ) : decision?.outcome === 'deny' ? (
        <Callout state="bad" title="Policy does not allow this.">
          <ViolationList violations={decision.violations} />
        </Callout>
      ) : check.data?.plan ? (
        <>
          {stays.length > 0 && (
            <Callout state="wait" title="The name goes on answering.">
              {stays.join(' ')}
            </Callout>
          )}
          <PlanSteps plan={check.data.plan} />
        </>
      ) : (
        <div role="status" className="grid gap-3">
          <span className="sr-only">Making the plan…</span>
          <Bone className="w-1/2" />
          <Bone className="h-12 w-full" />
        </div>
      )}
      {reviews.length > 0 && (
        <Callout state="wait" title={`${listed(reviews.map((review) => groupWords(review.group)))} must look at it first.`}>
          {reviews.map((review) => review.reason).join(' ')}
        </Callout>
      )}
      <Field label="Why" optional problems={at('contract.justification')} hint="Shown to reviewers and kept in the audit trail.">
        {(props) => <Textarea {...props} value={reason} onChange={(event) => setReason(event.target.value)} className="min-h-16" />}
      </Field>
    </DialogForm>
  );
}
