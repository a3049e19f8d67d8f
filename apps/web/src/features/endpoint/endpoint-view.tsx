'use client';
// One endpoint: the chain with its evidence, what is being done about it, and everything that is known, newest first.
import { shownState } from '@hostmaster/core/endpoint/broken';
import { isLeaving } from '@hostmaster/core/endpoint/state';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Section } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { CertificateCard } from '@/features/certificate/certificate-card';
import { LastOrder } from '@/features/certificate/last-order';
import { ChainStrip } from '@/features/chain/chain-strip';
import { BroughtProblems, ImportDialog } from '@/features/import/import-dialog';
import { NameTitle } from '@/features/name/hostname';
import { isFinished, isMoving, isUnderWay } from '@/features/operation/poll';
import { Progress } from '@/features/operation/progress';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { date, exact, relative } from '@/lib/format/time';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { ContractCard } from './contract-card';
import { Deliveries } from './deliveries';
import { Findings } from './findings';
import { History } from './history';
import { Records } from './records';
import { RetireDialog } from './retire-dialog';
import { Revisions } from './revisions';
import { ServerAnswers } from './server-answers';
import { TryIt } from './try-it';
import { stateMarks, wordOf } from './words';

export function EndpointView({ id }: { id: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data: endpoint } = useSuspenseQuery({ ...trpc.endpoints.get.queryOptions({ id }), refetchInterval: 15_000 });
  const refresh = useCallback(() => void queries.invalidateQueries(trpc.endpoints.pathFilter()), [queries, trpc]);
  const operation = useLiveOperation(endpoint.operation, refresh);
  const recheck = useMutation(
    trpc.endpoints.recheck.mutationOptions({
      onSuccess: (started) => {
        queries.setQueryData(trpc.operations.get.queryKey({ id: started.id }), started);
        refresh();
        const until = started.notBefore;
        if (until !== null && new Date(until).getTime() > Date.now())
          toast.info(`It is looked at ${relative(until, Date.now())}: what was sent before may arrive until then.`);
      },
      onError: (error) => toast.error(problemOf(error).detail),
    }),
  );
  const working = operation !== null && !isFinished(operation);
  const moving = operation !== null && isMoving(operation);
  const shown = shownState(endpoint);
  const gone = endpoint.state === 'retired';
  const leaving = isLeaving(endpoint.state);
  return (
    <>
      <PageHeader
        crumb={{ href: '/endpoints', label: 'Endpoints' }}
        title={<NameTitle name={endpoint.unicode} zone={endpoint.zone} />}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <Status state={stateMarks[shown]} moving={moving} className="font-[560]">
              {wordOf(endpoint)}
            </Status>
            <Badge>{endpoint.view}</Badge>
            <Badge>{endpoint.environment}</Badge>
            <Link href={{ pathname: '/endpoints', query: { team: endpoint.team } }} className="rounded-[3px] hover:underline">
              {endpoint.team}
            </Link>
            {endpoint.liveSince && (
              <span>
                {endpoint.certificateOnly ? 'first issued' : 'first live'} <Time at={endpoint.liveSince} />
              </span>
            )}
            <span>revision {endpoint.revision}</span>
            {endpoint.checkedAt && (
              <span className="text-ink-3">
                checked <Time at={endpoint.checkedAt} />
              </span>
            )}
          </span>
        }
        actions={
          <>
            {endpoint.permissions.recheck && (
              <Button
                busy={(recheck.isPending || (operation !== null && isUnderWay(operation))) && 'Checking…'}
                onClick={() => recheck.mutate({ id })}
              >
                <RefreshCw aria-hidden /> Check now
              </Button>
            )}
            {endpoint.permissions.import && <ImportDialog id={id} name={endpoint.unicode} first={endpoint.certificate === null} />}
            {endpoint.permissions.change && (
              <Button asChild>
                <Link href={{ pathname: '/requests/new', query: { change: id } }}>Change</Link>
              </Button>
            )}
            {endpoint.permissions.restore && (
              <Button asChild look="primary">
                <Link href={{ pathname: '/requests/new', query: { restore: id } }}>Ask for it again</Link>
              </Button>
            )}
            {endpoint.permissions.retire && <RetireDialog endpoint={endpoint} />}
          </>
        }
      />
      <div className="grid grid-cols-1 gap-4">
        {endpoint.openRequestId && (
          <Callout state="wait" title="A request for this name is open.">
            <Link href={`/requests/${endpoint.openRequestId}`} className="text-accent underline underline-offset-3">
              See what it waits for
            </Link>
          </Callout>
        )}
        {endpoint.heldBackUntil && (
          <Callout state="none" title={`Held back for ${endpoint.team}`}>
            Nobody else may have the name until <span title={exact(endpoint.heldBackUntil)}>{date(endpoint.heldBackUntil)}</span>; whoever
            is of the team can ask for it again.
          </Callout>
        )}
        {endpoint.brought && <BroughtProblems brought={endpoint.brought} />}
        <ChainStrip chain={endpoint.chain} />
        <Findings findings={endpoint.findings} />
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            {operation && (working || operation.state === 'failed') && (
              <Section
                title={moving ? 'Being worked on' : working ? 'Waits for a worker' : 'The last work failed'}
                note={<span aria-live="polite">{operation.reason}</span>}
              >
                <Progress operation={operation} />
              </Section>
            )}
            {!gone && !endpoint.certificateOnly && <ServerAnswers answers={endpoint.answers} leaving={leaving} />}
            <Records endpoint={endpoint} />
            {!gone && !endpoint.certificateOnly && endpoint.certificate && <TryIt endpointId={id} />}
            <Revisions endpointId={id} mayChange={endpoint.permissions.change} />
            <History history={endpoint.history} />
          </div>
          <div className="grid min-w-0 gap-4">
            <CertificateCard
              certificates={endpoint.certificates}
              termination={endpoint.contract.tls.termination}
              leaving={leaving}
              brought={takesBrought(endpoint.contract)}
            />
            <LastOrder endpointId={id} gone={gone} />
            <Deliveries deliveries={endpoint.deliveries} current={endpoint.certificate?.serial ?? null} />
            <ContractCard endpoint={endpoint} />
          </div>
        </div>
      </div>
    </>
  );
}
