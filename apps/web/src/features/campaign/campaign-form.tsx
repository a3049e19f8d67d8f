'use client';
// A campaign before it is started: which certificates, what is done to them, how fast; then its plan, and only then the start.
import { defaultPace, fastestPace } from '@hostmaster/core/campaign/pace';
import { type CampaignAction, campaignActions } from '@hostmaster/core/campaign/state';
import type { CampaignPlan } from '@hostmaster/core/contract/campaign';
import { type RevocationReason, revocationReasonWords } from '@hostmaster/core/pki/issuer';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Section } from '@/components/ui/card';
import { Field, FieldGroup } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input, Textarea } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { refusalProblems } from '@/lib/field-problems';
import { optionsOf } from '@/lib/options';
import { useTRPC } from '@/lib/trpc';
import { PlanOf } from './campaign-plan';
import { type CampaignSearch, scopeOf } from './campaign-search';
import { actionWords } from './campaign-words';
import { ScopeFieldset } from './scope-fields';

const reasons = Object.keys(revocationReasonWords) as RevocationReason[];
const reasonOptions = reasons.map((value) => ({ value, label: revocationReasonWords[value], note: value }));

const scopePaths = ['issuers', 'keyAlgorithm', 'team', 'environment', 'suffix', 'issuedAfter', 'issuedBefore', 'serials'].map(
  (name) => `scope.${name}`,
);

export function CampaignForm({ search }: { search: CampaignSearch }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const { team, environment, issuer, suffix } = search;
  const [fields, setFields] = useState({
    ...{ team, environment, issuer, suffix },
    ...{ keyAlgorithm: '', issuedAfter: '', issuedBefore: '', serials: '' },
  });
  const [action, setAction] = useState<CampaignAction>('replace');
  const [reason, setReason] = useState<RevocationReason | ''>('');
  const [pace, setPace] = useState(String(defaultPace));
  const [comment, setComment] = useState('');
  const draft = {
    action,
    ...(action === 'revoke' && reason !== '' ? { reason } : {}),
    scope: scopeOf(fields),
    pace: Number(pace),
  };
  const [shown, setShown] = useState<{ of: string; plan: CampaignPlan } | null>(null);
  const look = useMutation({
    mutationFn: (wanted: typeof draft) => queries.fetchQuery({ ...trpc.campaigns.plan.queryOptions(wanted), staleTime: 0, gcTime: 0 }),
    onSuccess: (plan, wanted) => setShown({ of: JSON.stringify(wanted), plan }),
  });
  const start = useMutation(
    trpc.campaigns.start.mutationOptions({
      onSuccess: ({ id }) => {
        void queries.invalidateQueries(trpc.campaigns.pathFilter());
        router.push(`/campaigns/${id}`);
      },
    }),
  );
  // What was shown of something else is shown no more.
  const plan = shown?.of === JSON.stringify(draft) ? shown.plan : null;
  const problems = refusalProblems([...scopePaths, 'scope', 'reason', 'pace', 'comment'], {
    error: start.error ?? look.error,
    sent: start.error ? start.variables : look.variables,
    values: { ...draft, comment },
  });
  return (
    <div className="grid grid-cols-1 gap-4">
      <Form
        className="grid grid-cols-1 gap-4"
        sending={look.isPending}
        onSubmit={(event) => {
          event.preventDefault();
          if (look.isPending) return;
          start.reset();
          look.mutate(draft);
        }}
      >
        <Section title="Which certificates" note="those that are all of this, valid and not revoked">
          <ScopeFieldset fields={fields} onChange={(change) => setFields({ ...fields, ...change })} at={problems.at} />
          {search.without !== '' && (
            <Callout state="none" title={`Not carried over from the list: ${search.without}.`} className="mt-4">
              A campaign has no such restriction.
            </Callout>
          )}
        </Section>
        <Section title="What is done to them">
          <div className="grid gap-5 sm:grid-cols-2">
            <FieldGroup
              label="Action"
              hint={
                action === 'replace'
                  ? 'Another one is issued, with a new key where Hostmaster keeps it, and is seen in its place. The old one stays valid until it expires.'
                  : 'Another one is issued and seen first, then the old one is revoked; with a key that others know it is revoked first. Those that were replaced already and are still valid are revoked, too.'
              }
            >
              <Segmented value={action} onChange={setAction} options={optionsOf(campaignActions, actionWords)} />
            </FieldGroup>
            <Field label="Pace" hint={`Certificates a minute at most, up to ${fastestPace}.`} problems={problems.at('pace')}>
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  min={1}
                  max={fastestPace}
                  value={pace}
                  onChange={(event) => setPace(event.target.value)}
                  className="tabular-nums"
                />
              )}
            </Field>
            {action === 'revoke' && (
              <Field
                label="Reason"
                hint="Stands in the lists of revoked certificates, for everybody to read."
                problems={problems.at('reason')}
              >
                {(props) => (
                  <Select
                    {...props}
                    value={reason}
                    onChange={(value) => setReason(value as RevocationReason)}
                    options={reasonOptions}
                    placeholder="Choose a reason"
                  />
                )}
              </Field>
            )}
          </div>
        </Section>
        {problems.rest && <ProblemPanel problem={problems.rest} />}
        <div className="flex justify-end">
          <Button type="submit" look={plan === null ? 'primary' : 'quiet'} busy={look.isPending && 'Counting…'}>
            {plan === null ? 'Show the plan' : 'Show the plan again'}
          </Button>
        </div>
      </Form>
      {plan !== null && (
        <PlanOf plan={plan} action={action}>
          <Form
            className="grid gap-4"
            sending={start.isPending}
            onSubmit={(event) => {
              event.preventDefault();
              if (!start.isPending) start.mutate({ ...draft, comment: comment.trim(), asOf: plan.asOf, planHash: plan.hash });
            }}
          >
            <Field label="What happened" hint="Stands in the history of every name." problems={problems.at('comment')}>
              {(props) => <Textarea {...props} value={comment} onChange={(event) => setComment(event.target.value)} maxLength={500} />}
            </Field>
            <div className="flex justify-end">
              <Button
                type="submit"
                look={action === 'revoke' ? 'danger' : 'primary'}
                busy={start.isPending && 'Starting…'}
                disabled={plan.total === 0 || comment.trim() === ''}
              >
                {plan.fourEyes ? 'Ask a second person to start it' : 'Start the campaign'}
              </Button>
            </div>
          </Form>
        </PlanOf>
      )}
    </div>
  );
}
