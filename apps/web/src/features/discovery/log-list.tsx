'use client';
import type { TransparencyLogRow } from '@hostmaster/core/contract/transparency';
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
import { ConnectLog } from './log-form';
import { logKindWords } from './words';

const columns: readonly Column<TransparencyLogRow>[] = [
  {
    id: 'address',
    header: 'Log',
    fixed: true,
    cell: ({ address, kind }) => (
      <span>
        <b className="font-[560] [overflow-wrap:anywhere]">{address}</b>
        <span className="block text-ink-3 text-xs">{logKindWords[kind]}</span>
      </span>
    ),
  },
  { id: 'read', header: 'Read', under: true, cell: (row) => <HowFar log={row} /> },
  { id: 'found', header: 'Found', className: 'max-md:hidden whitespace-nowrap', cell: ({ found }) => plural(found, 'certificate') },
  { id: 'state', header: 'State', under: true, cell: (row) => <State log={row} /> },
];

const actColumn: Column<TransparencyLogRow> = {
  id: 'act',
  header: 'Change',
  quiet: true,
  fixed: true,
  className: 'whitespace-nowrap text-right',
  cell: (row) => (
    <span className="flex items-end justify-end max-sm:flex-col">
      {!row.forked && <ReadNow log={row} />}
      <Remove log={row} />
    </span>
  ),
};
const columnsOfPlatform = [...columns, actColumn];

export function LogList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.discovery.logs.queryOptions(asked), ...listQuery });
  const add = platform ? <ConnectLog /> : undefined;
  return (
    <>
      <PageHeader
        crumb={{ href: '/discovered', label: 'Discovered' }}
        title="Logs that are read"
        sub={<p>Logs of Certificate Transparency, in which CAs publish what they sign. What is for names of connected zones is kept.</p>}
        actions={add}
      />
      <PagedTable
        caption="Logs of Certificate Transparency"
        one="log"
        columns={platform ? columnsOfPlatform : columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        empty={
          <Empty title="No log is read" action={add}>
            A platform admin connects the logs that public CAs submit to, and workers read them from then on.
          </Empty>
        }
      />
    </>
  );
}

function HowFar({ log: { firstEntry, position, treeSize, readAt } }: { log: TransparencyLogRow }) {
  if (firstEntry === null || position === null || treeSize === null || readAt === null) return <span className="text-ink-3">not yet</span>;
  return (
    <span>
      {position === treeSize
        ? `to its end, ${plural(treeSize, 'entry', 'entries')}`
        : `${grouped(position)} of ${grouped(treeSize)} entries`}
      <span className="block text-ink-3 text-xs">
        from entry {grouped(firstEntry)} on, its end when it was connected; last <Time at={readAt} />
      </span>
    </span>
  );
}

function State({ log: { fault, forked, unreadable, nextReadAt } }: { log: TransparencyLogRow }) {
  return (
    <span>
      <Status state={forked ? 'bad' : fault === null ? 'ok' : 'wait'}>{fault ?? 'read'}</Status>
      {unreadable > 0 && <span className="block text-ink-3 text-xs">{plural(unreadable, 'entry', 'entries')} could not be read</span>}
      {nextReadAt !== null && (
        <span className="block text-ink-3 text-xs">
          next <Time at={nextReadAt} />
        </span>
      )}
    </span>
  );
}

function ReadNow({ log: { id, address } }: { log: TransparencyLogRow }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const read = useMutation(
    trpc.discovery.readLog.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.discovery.pathFilter());
        toast.success(`Workers read ${address} now.`);
      },
      onError: (error) => toast.error(problemOf(error).detail),
    }),
  );
  return (
    <Button
      size="sm"
      look="bare"
      aria-label={`Read now from ${address}`}
      busy={read.isPending && 'Asking…'}
      onClick={() => read.mutate({ id })}
    >
      Read now
    </Button>
  );
}

function Remove({ log: { id, address } }: { log: TransparencyLogRow }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="log"
      which={`the log ${address}`}
      title="Remove this log?"
      description={`${address} is read no more, and that something was seen in it is forgotten. Connected again, it is read from the end that it has then.`}
      options={trpc.discovery.removeLog.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.discovery.pathFilter(), trpc.account.home.queryFilter()]}
      done={`${address} is read no more.`}
    />
  );
}
