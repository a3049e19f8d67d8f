'use client';
// The decision of a reviewer, in at most three keys: A or R, the reason, ⌘↵ or Ctrl+↵. Bound to the hash of the plan that is shown.
import type { Request } from '@hostmaster/core/contract/request';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Textarea } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Segmented } from '@/components/ui/segmented';
import { useSingleKey } from '@/features/shell/preferences';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useKeptText } from '@/lib/use-draft';
import { NextForMe } from './next-for-me';

type Choice = 'approve' | 'reject';

/** What pressing does, and what it leaves undone. */
const means = {
  approve: 'You approve exactly the plan that is shown. If what it stands on changes first, nothing is applied.',
  reject: 'Nothing of the plan is done. Whoever asked sees the reason, and can ask again.',
} satisfies Record<Choice, string>;

export function DecisionBox({ request }: { request: Request }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const reason = useRef<HTMLTextAreaElement>(null);
  const [choice, setChoice] = useState<Choice>('approve');
  const [text, setText, sent] = useKeptText(`review ${request.id}`);
  const plan = request.currentPlan ?? request.plan;
  const review = useMutation(
    trpc.requests.review.mutationOptions({
      onSuccess: (answer) => {
        sent();
        queries.setQueryData(trpc.requests.get.queryKey({ id: answer.id }), answer);
        void queries.invalidateQueries(trpc.requests.list.queryFilter());
        void queries.invalidateQueries(trpc.account.home.queryFilter());
        toast.success(`${answer.unicode} ${choice === 'approve' ? 'approved' : 'rejected'}.`);
      },
      onError: () => void queries.invalidateQueries(trpc.requests.get.queryFilter({ id: request.id })),
    }),
  );
  const begin = (wanted: Choice) => {
    setChoice(wanted);
    requestAnimationFrame(() => reason.current?.focus());
  };
  useSingleKey('a', () => begin('approve'));
  useSingleKey('r', () => begin('reject'));
  const decided = { id: request.id, decision: choice, reason: text, planHash: plan.hash };
  const submit = () => {
    if (!review.isPending) review.mutate(decided);
  };
  const { at, rest } = refusalProblems(['reason'], { error: review.error, sent: review.variables, values: decided });
  return (
    <Section title="Decision">
      <Form
        sending={review.isPending}
        className="grid gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          submit();
        }}
      >
        <Segmented
          label="Decision"
          value={choice}
          onChange={begin}
          options={[
            { value: 'approve', label: <Keyed text="Approve" letter="A" /> },
            { value: 'reject', label: <Keyed text="Reject" letter="R" /> },
          ]}
        />
        <Field label="Reason" problems={at('reason')} hint="The requester sees it, and it is kept in the audit trail.">
          {(props) => <Textarea {...props} ref={reason} value={text} onChange={(event) => setText(event.target.value)} required />}
        </Field>
        {rest && <ProblemPanel problem={rest} />}
        <Button
          type="submit"
          look={choice === 'approve' ? 'primary' : 'danger'}
          busy={review.isPending && 'Deciding…'}
          className="w-full justify-center"
        >
          {choice === 'approve' ? 'Approve this plan' : 'Reject the request'} <Kbd mod>↵</Kbd>
        </Button>
        <p className="text-ink-3 text-xs">{means[choice]}</p>
      </Form>
      <NextForMe requestId={request.id} />
    </Section>
  );
}

function Keyed({ text, letter }: { text: string; letter: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {text} <Kbd>{letter}</Kbd>
    </span>
  );
}
