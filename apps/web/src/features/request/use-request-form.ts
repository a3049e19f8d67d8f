'use client';
// What the form of a request does: what is typed becomes a draft, the draft is judged while it is typed, and sent.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { useMe } from '@/features/account/use-me';
import { type ProblemsAt, problemsFrom, stillOpen } from '@/lib/field-problems';
import { endedSession, problemOf, type ShownProblem, type Violation } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { draftOf, emptyForm, type FormValues, formOf } from './form-values';
import { fieldsAt, unreadableIn } from './unreadable';
import { useVerdict } from './use-verdict';

/** What a form begins with: nothing but a name, what was asked for before, or the contract of a name that is to change. */
export type Beginning = {
  readonly hostname: string;
  readonly again?: EndpointContract | undefined;
  readonly change?: EndpointContract | undefined;
};

export function useRequestForm({ hostname, again, change }: Beginning) {
  const me = useMe();
  const base = change ?? again;
  const form = useForm<FormValues>({ defaultValues: base ? formOf(me, base) : emptyForm(me, hostname) });
  const values = form.watch();
  const draft = draftOf(change ? 'change' : 'create', values, base);
  const verdict = useVerdict(draft);
  const draftKept = useDraft(form, `request ${change ? 'change' : again ? 'again' : 'new'} ${base?.hostname ?? hostname}`);
  const submit = useSubmit(draftKept.sent);
  const refused = submit.error ? stillOpen(problemOf(submit.error), submit.variables, draft) : null;
  const { addresses, cname, ttlSeconds } = form.formState.touchedFields;
  const unreadable = unreadableIn(draft, { target: (addresses ?? cname) === true, ttl: values.ttlSeconds !== '' || ttlSeconds === true });
  const problems = problemsFrom(verdict.violations, unreadable, refused?.violations ?? []);
  // The form's fields are those of the contract.
  const at: ProblemsAt = (field) => problems(`contract.${field}`);
  const ofName = verdict.violations.filter((violation) => !isAtField(violation));
  return {
    form,
    values,
    draft,
    // That the session has ended is said once: where somebody pressed.
    verdict: refused?.code === endedSession ? { ...verdict, error: null } : verdict,
    at,
    /** What the server refused and the verdict beside the name does not say. */
    refused: refused && saidElsewhere(refused, ofName),
    /** What the verdict beside the name says; the rest stands at the fields that it is about. */
    ofName,
    /** How many fields say what is wrong. */
    marked: fieldsAt([...verdict.violations, ...unreadable].map(({ path = '' }) => path)),
    failed: submit.error,
    kept: draftKept,
    busy: submit.isPending,
    send: () => {
      if (!submit.isPending) submit.mutate(draft);
    },
  };
}

function useSubmit(onSent: () => void) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  return useMutation(
    trpc.requests.create.mutationOptions({
      onSuccess: (request) => {
        onSent();
        queries.setQueryData(trpc.requests.get.queryKey({ id: request.id }), request);
        void queries.invalidateQueries(trpc.requests.list.queryFilter());
        void queries.invalidateQueries(trpc.account.home.queryFilter());
        router.push(`/requests/${request.id}`);
      },
    }),
  );
}

/** Fields of the contract that the form has a control for, but the name itself, beside which the verdict stands. */
const fields = ['team', 'target', 'view', 'environment', 'ttl', 'tls', 'routing', 'owners', 'justification'];

const isAtField = ({ path }: Violation): boolean =>
  fields.some((field) => path === `contract.${field}` || path?.startsWith(`contract.${field}.`));

/** What stands at a field or beside the name is not said once more. */
function saidElsewhere(problem: ShownProblem, ofName: readonly Violation[]): ShownProblem {
  const violations = problem.violations.filter(
    (violation) => !isAtField(violation) && !ofName.some(({ rule, reason }) => rule === violation.rule && reason === violation.reason),
  );
  if (violations.length > 0 || problem.violations.length === 0) return { ...problem, violations };
  return { ...problem, violations, detail: '', remedy: 'What would mend it stands where it is wrong.' };
}
