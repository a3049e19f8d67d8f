'use client';
import type { DiscoveryScope } from '@hostmaster/core/contract/discovery';
import { useMutation, useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { grouped, plural } from '@/lib/format/text';
import { usePages } from '@/lib/list-search';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { AllowScope, ChangeScope } from './scope-form';

const mostShown = 4;

const columns: readonly Column<DiscoveryScope>[] = [
  { id: 'name', header: 'Name', fixed: true, cell: (row) => <b className="font-[560] [overflow-wrap:anywhere]">{row.name}</b> },
  {
    id: 'targets',
    header: 'Hosts and ranges',
    under: true,
    cell: ({ targets }) => (
      <span className="data text-xs [overflow-wrap:anywhere]">
        {targets.slice(0, mostShown).join(', ')}
        {targets.length > mostShown && ` and ${targets.length - mostShown} more`}
      </span>
    ),
  },
  { id: 'ports', header: 'Ports', className: 'max-md:hidden tabular-nums', cell: ({ ports }) => ports.join(', ') },
  {
    id: 'team',
    header: 'Team',
    className: 'max-lg:hidden whitespace-nowrap',
    cell: ({ team }) => team ?? <span className="text-ink-3">–</span>,
  },
  { id: 'look', header: 'Last look', under: true, cell: (row) => <Look scope={row} /> },
];

const actColumn: Column<DiscoveryScope> = {
  id: 'act',
  header: 'Change',
  quiet: true,
  fixed: true,
  className: 'whitespace-nowrap text-right',
  cell: (row) => (
    <span className="flex items-end justify-end max-sm:flex-col">
      <LookNow scope={row} />
      <ChangeScope scope={row} />
      <Remove scope={row} />
    </span>
  ),
};
const columnsOfPlatform = [...columns, actColumn];

export function ScopeList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.discovery.scopes.queryOptions(asked), ...listQuery });
  const add = platform ? <AllowScope /> : undefined;
  return (
    <>
      <PageHeader
        crumb={{ href: '/discovered', label: 'Discovered' }}
        title="Where is looked"
        sub={<p>Hosts and ranges that workers may connect to, to read the certificates that are served there.</p>}
        actions={add}
      />
      <PagedTable
        caption="Discovery scopes"
        one="scope"
        columns={platform ? columnsOfPlatform : columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        empty={
          <Empty title="Nothing is looked at" action={add}>
            Hostmaster looks nowhere by itself. A platform admin allows hosts and ranges, and workers look at them every so many hours.
          </Empty>
        }
      />
    </>
  );
}

/** Why the others had none; whoever refused, or spoke no TLS, answered. */
const withoutOf = ({ silent, nowhere }: NonNullable<DiscoveryScope['lastLook']>): string =>
  [
    ...(silent === 0 ? [] : [`${grouped(silent)} did not answer; `]),
    ...(nowhere === 0 ? [] : [`${plural(nowhere, 'name')} led to no address; `]),
  ].join('');

function Look({ scope: { looked, places, lastLook, nextLookAt } }: { scope: DiscoveryScope }) {
  if (looked !== null)
    return (
      <Status state="wait" moving>
        Looking: {grouped(looked)} of {plural(places, 'place')}
      </Status>
    );
  return (
    <span>
      {lastLook === null ? 'none yet' : `${grouped(lastLook.answered)} of ${plural(lastLook.places, 'place')} had a certificate`}
      <span className="block text-ink-3 text-xs">
        {lastLook !== null && (
          <>
            {withoutOf(lastLook)}
            <Time at={lastLook.at} />;{' '}
          </>
        )}
        next <Time at={nextLookAt} />
      </span>
    </span>
  );
}

function LookNow({ scope: { id, name, looked } }: { scope: DiscoveryScope }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const look = useMutation(
    trpc.discovery.look.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.discovery.pathFilter());
        toast.success(`Workers look at ${name} now.`);
      },
      onError: (error) => toast.error(problemOf(error).detail),
    }),
  );
  return (
    <Button
      size="sm"
      look="bare"
      aria-label={`Look now at ${name}`}
      disabled={looked !== null}
      busy={look.isPending && 'Asking…'}
      onClick={() => look.mutate({ id })}
    >
      Look now
    </Button>
  );
}

function Remove({ scope: { id, name } }: { scope: DiscoveryScope }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="scope"
      which={`the scope ${name}`}
      title={`Remove ${name}?`}
      description="Nobody looks there any more, and where something was seen there is forgotten."
      options={trpc.discovery.remove.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.discovery.pathFilter(), trpc.account.home.queryFilter()]}
      done={`${name} is looked at no more.`}
    />
  );
}
