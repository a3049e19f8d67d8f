'use client';
// Every revision of the contract, the newest first: when, by which request, what it changed, and the way back.
import type { endpointRevision } from '@hostmaster/core/contract/endpoint-view';
import { useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { Link, TextLink } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Bone } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { ContractDiff } from '@/features/plan/contract-diff';
import { RecordDiff } from '@/features/plan/record-diff';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { wayBack } from './standing';
import { standingWords } from './words';

type Revision = z.output<typeof endpointRevision>;
const shownAtFirst = 3;

export function Revisions({ endpointId, mayChange }: { endpointId: string; mayChange: boolean }) {
  const trpc = useTRPC();
  const [all, setAll] = useState(false);
  const { data, error } = useQuery(trpc.endpoints.revisions.queryOptions({ id: endpointId }));
  const rows = data?.rows ?? [];
  const shown = all ? rows : rows.slice(0, shownAtFirst);
  return (
    <Section title="Revisions" note={data && plural(rows.length, 'revision')}>
      {error && !data ? (
        <ProblemPanel error={error} />
      ) : !data ? (
        <Bone className="w-3/5" />
      ) : (
        <>
          <ol className="grid gap-5">
            {shown.map((revision, index) => (
              <Entry key={revision.number} revision={revision} backTo={mayChange ? wayBack(rows, index) : null} endpointId={endpointId} />
            ))}
          </ol>
          {rows.length > shown.length && (
            <Button size="sm" className="mt-4" onClick={() => setAll(true)}>
              Show {plural(rows.length - shown.length, 'earlier revision')}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function Entry({
  revision,
  backTo,
  endpointId,
}: {
  revision: Revision;
  /** The revision that the button asks for; null where there is none to go back to. */
  backTo: number | null;
  endpointId: string;
}) {
  const { contractChanges: changes } = revision;
  return (
    <li className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <b className="font-[560]">Revision {revision.number}</b>
        <span className="text-ink-3">
          {standingWords[revision.standing]}, <Time at={revision.approvedAt} />
          {revision.takesBack ? '. Takes back what ' : ', by '}
          <TextLink href={`/requests/${revision.request.id}`}>request #{revision.request.number}</TextLink>
          {revision.takesBack && ' had begun'}
        </span>
        {backTo !== null && (
          <Button asChild size="sm" className="ml-auto">
            <Link href={{ pathname: '/requests/new', query: { change: endpointId, revision: String(backTo) } }}>
              <Undo2 aria-hidden /> {revision.standing === 'replaced' ? `Back to revision ${backTo}` : 'Undo'}
            </Link>
          </Button>
        )}
      </div>
      {changes === null ? (
        <p className="text-ink-2 text-sm">Before it the name was not there.</p>
      ) : (
        changes.length > 0 && <ContractDiff changes={changes} />
      )}
      <RecordDiff changes={revision.plan.changes} />
    </li>
  );
}
