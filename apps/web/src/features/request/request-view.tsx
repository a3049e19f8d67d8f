'use client';
// One request, as each reader needs it: the requester watches the steps, the reviewer decides with the evidence in front,
// everybody sees how it ended and why.
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { Operation } from '@hostmaster/core/contract/operation';
import type { Request } from '@hostmaster/core/contract/request';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { requestMachine } from '@hostmaster/core/request/state';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Section } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { useMe } from '@/features/account/use-me';
import { TryIt } from '@/features/endpoint/try-it';
import { NameTitle } from '@/features/name/hostname';
import { Progress } from '@/features/operation/progress';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { ContractDiff } from '@/features/plan/contract-diff';
import { RecordDiff } from '@/features/plan/record-diff';
import { PlanHash, PlanSteps } from '@/features/plan/what-will-happen';
import { listed } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { CancelDialog } from './cancel-dialog';
import { DecisionBox } from './decision-box';
import { NextAfterDecision } from './next-for-me';
import { Rules } from './rules';
import { givingBackTitle, hasDecided, shownOf, workNote, workTitle } from './shown';
import { kindWords, stageMarks, stageWords } from './words';

export function RequestView({ id }: { id: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data: request } = useSuspenseQuery({
    ...trpc.requests.get.queryOptions({ id }),
    // What became of it is looked at on: a name that was live may break while its request is open here.
    refetchInterval: (query) => (isOver(query.state.data) ? 15_000 : query.state.data?.state === 'approved' ? 1000 : 5000),
  });
  const refresh = useCallback(() => {
    void queries.invalidateQueries(trpc.requests.get.queryFilter({ id }));
    void queries.invalidateQueries(trpc.endpoints.pathFilter());
  }, [queries, trpc, id]);
  const operation = useLiveOperation(request.operation, refresh);
  const givingBack = useLiveOperation(request.givingBack, refresh);
  const { mark, word, moving, live, planTitle } = shownOf(request, operation);
  const me = useMe();
  const mayAsk = me.teams.some(({ slug }) => slug === request.team);
  const decided = hasDecided(request, me);
  const plan = request.currentPlan ?? request.plan;
  const planSection = (
    <Section title={planTitle} note={<PlanHash hash={plan.hash} />}>
      <PlanSteps
        plan={plan}
        {...(isCertificateOnly(request.contract)
          ? {}
          : { probe: { hostname: request.hostname, port: request.contract.routing.port, path: request.contract.routing.healthPath } })}
      />
    </Section>
  );
  return (
    <>
      <PageHeader
        crumb={{ href: '/requests', label: 'Requests' }}
        title={<NameTitle name={request.unicode} zone={request.plan.zone} />}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <Status state={mark} moving={moving} className="font-[560]">
              {word}
            </Status>
            <span>{kindWords[request.kind]}</span>
            <Badge>{request.view}</Badge>
            <span>
              asked by {request.requester} for {request.team}
              {request.answerer.kind === 'team' && ` (${request.answerer.name} answers for it)`}, <Time at={request.createdAt} />
            </span>
            <span className="text-ink-3 tabular-nums">#{request.number}</span>
            {request.supersedes && (
              <span>
                in place of <RequestLink request={request.supersedes} />
              </span>
            )}
          </span>
        }
        actions={
          <>
            {request.cancellable && mayAsk && (request.kind === 'change' || (request.kind === 'create' && request.endpointId === null)) && (
              <Button asChild>
                <Link href={{ pathname: '/requests/new', query: { again: request.id } }}>Correct it</Link>
              </Button>
            )}
            {request.cancellable && <CancelDialog request={request} />}
            {request.endpointId && (
              <Button asChild look={live ? 'primary' : 'quiet'}>
                <Link href={`/endpoints/${request.endpointId}`}>Open the endpoint</Link>
              </Button>
            )}
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_23.5rem]">
        <div className="grid min-w-0 gap-4">
          <Outcome request={request} mayAsk={mayAsk} />
          {operation && <Work title={workTitle(request, operation)} note={workNote(request, operation, true)} operation={operation} />}
          {givingBack && <Work title={givingBackTitle(givingBack)} note={workNote(request, givingBack, false)} operation={givingBack} />}
          {live && request.endpointId && <TryIt endpointId={request.endpointId} />}
          <Section
            title={request.reviewable ? 'Why you are asked' : 'What policy says'}
            note={<code className="data">policy {request.decision.policyVersion}</code>}
          >
            <Rules results={request.decision.results} />
          </Section>
          {request.reviewable && planSection}
          {request.contract.justification && (
            <Section title="Why it is needed">
              <p className="max-w-prose whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{request.contract.justification}</p>
            </Section>
          )}
          {request.reviews.length > 0 && <Reviews request={request} />}
        </div>
        <div className="grid min-w-0 gap-4 lg:sticky lg:top-7">
          {request.reviewable && <DecisionBox key={request.id} request={request} />}
          {!request.reviewable && decided && <NextAfterDecision requestId={request.id} />}
          {!request.reviewable && planSection}
        </div>
      </div>
    </>
  );
}

const isOver = (request: Request | undefined): boolean => request !== undefined && requestMachine.isFinal(request.state);

function Work({ title, note, operation }: { title: string; note: string | null; operation: Operation }) {
  return (
    <Section title={title} note={note === null ? undefined : <span aria-live="polite">{note}</span>}>
      <Progress operation={operation} />
    </Section>
  );
}

/** What it waits for, or how it ended, in one place at the top. */
function Outcome({ request, mayAsk }: { request: Request; mayAsk: boolean }) {
  const rejection = request.reviews.findLast((review) => review.decision === 'reject');
  if (request.currentPlan) return <Changed request={request} />;
  if (request.state === 'in-review')
    return (
      <Callout state="wait" title={`Waits for ${listed(request.waitsFor.map(groupWords))}`}>
        {request.reviewable ? 'You may decide.' : request.notReviewableBecause} Asked <Time at={request.createdAt} />.
      </Callout>
    );
  if (request.state === 'rejected')
    return (
      <Callout state="bad" title={rejection ? `${rejection.reviewer} rejected it for ${groupWords(rejection.group)}` : 'Rejected'}>
        <p className="whitespace-pre-wrap">{rejection?.reason ?? request.summary}</p>
        {mayAsk && <AskAgain request={request} />}
      </Callout>
    );
  if (request.state === 'failed' || request.state === 'stale')
    return (
      <Callout state={stageMarks[request.state]} title={stageWords[request.state]}>
        {request.summary} {mayAsk && <AskAgain request={request} />}
      </Callout>
    );
  if (request.supersededBy)
    return (
      <Callout state="none" title={request.summary}>
        <RequestLink request={request.supersededBy} />
      </Callout>
    );
  if (request.state === 'cancelled')
    return (
      <Callout state="none" title={request.summary || 'Cancelled'}>
        {mayAsk && <AskAgain request={request} />}
      </Callout>
    );
  return null;
}

const RequestLink = ({ request: { id, number } }: { request: { id: string; number: number } }) => (
  <Link href={`/requests/${id}`} className="text-accent underline underline-offset-3">
    Request #{number}
  </Link>
);

/** A retirement is asked for on the page of its endpoint, a transfer by the team that gives. */
const AskAgain = ({ request }: { request: Request }) =>
  (request.kind === 'create' || request.kind === 'change') && (
    <Link href={{ pathname: '/requests/new', query: { again: request.id } }} className="text-accent underline underline-offset-3">
      Ask again
    </Link>
  );

/** The world moved under the plan: both plans side by side, so that what changed can be seen. */
function Changed({ request }: { request: Request }) {
  if (!request.currentPlan) return null;
  return (
    <Section
      title="What the plan stands on changed since this was asked"
      note="Decide on the plan as it would be made now."
      className="border-l-3 border-l-wait"
    >
      <div className="grid gap-4 md:grid-cols-2">
        <div className="min-w-0">
          <p className="mb-1.5 text-ink-2 text-sm">
            When it was asked <PlanHash hash={request.plan.hash} />
          </p>
          <PlanDiff plan={request.plan} />
        </div>
        <div className="min-w-0">
          <p className="mb-1.5 text-ink-2 text-sm">
            Now <PlanHash hash={request.currentPlan.hash} />
          </p>
          <PlanDiff plan={request.currentPlan} />
        </div>
      </div>
    </Section>
  );
}

const PlanDiff = ({ plan: { contract, changes } }: { plan: Request['plan'] }) => (
  <div className="grid gap-2.5">
    {contract && contract.changes.length > 0 && <ContractDiff changes={contract.changes} fresh={contract.against === null} />}
    <RecordDiff changes={changes} />
  </div>
);

function Reviews({ request }: { request: Request }) {
  return (
    <Section title="Reviews">
      <ul className="grid gap-3">
        {request.reviews.map((review) => (
          <li key={`${review.group}${review.at}`} className="text-sm">
            <Status state={review.decision === 'approve' ? 'ok' : 'bad'}>
              <span className="font-[560]">{review.decision === 'approve' ? 'Approved' : 'Rejected'}</span>{' '}
              <span className="text-ink-2">
                by {review.reviewer} for {groupWords(review.group)}, <Time at={review.at} />
              </span>
            </Status>
            <p className="mt-0.5 whitespace-pre-wrap pl-6">{review.reason}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
