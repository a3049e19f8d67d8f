'use client';
import type { GrantInput } from '@hostmaster/core/contract/governance';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsString, useQueryStates } from 'nuqs';
import { toast } from 'sonner';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Empty } from '@/components/ui/empty';
import { Filter } from '@/components/ui/filter';
import { Input } from '@/components/ui/input';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TableBones } from '@/components/ui/skeleton';
import { type Column, Table } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { isPlatform, useMe } from '@/features/account/use-me';
import { Labels } from '@/features/name/hostname';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { AddGrant } from './add-grant';

type Grant = Omit<GrantInput, 'reason' | 'expiresAt'> & { id: string; reason: string | null; expiresAt: string | null; createdAt: string };

const search = { q: parseAsString.withDefault(''), team: parseAsString.withDefault(''), cursor: parseAsString.withDefault('') };

export function GrantList() {
  const me = useMe();
  const trpc = useTRPC();
  const [{ q, team, cursor }, setSearch] = useQueryStates(search, { history: 'replace' });
  const settled = useDebounced(q.trim(), 200);
  const teams = useQuery(trpc.teams.list.queryOptions());
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...trpc.grants.list.queryOptions({
      ...(settled === '' ? {} : { search: settled }),
      ...(team === '' ? {} : { team }),
      ...(cursor === '' ? {} : { cursor }),
    }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const platform = isPlatform(me);
  const shown = platform ? [...columns, revokeColumn] : columns;
  return (
    <>
      <PageHeader
        title="Grants"
        sub={<p>Which team may claim names under which suffix. The most specific suffix counts.</p>}
        actions={platform ? <AddGrant /> : undefined}
      />
      <Card className="overflow-clip">
        <search className="flex flex-wrap items-center gap-2 border-line border-b p-3">
          <Input
            type="search"
            aria-label="Filter by suffix"
            placeholder="Filter suffixes…"
            value={q}
            onChange={(event) => void setSearch({ q: event.target.value, cursor: null })}
            className="h-8 min-w-44 max-w-72 flex-1"
          />
          <Filter
            label="Team"
            value={team}
            onChange={(next) => void setSearch({ team: next, cursor: null })}
            options={(teams.data?.rows ?? []).map((each) => ({ value: each.slug, label: each.name }))}
          />
        </search>
        {error && !data ? (
          <ProblemPanel error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} className="m-4" />
        ) : !data ? (
          <TableBones />
        ) : data.rows.length === 0 ? (
          settled !== '' || team !== '' ? (
            <Empty title="No grant is like that" action={<Button onClick={() => void setSearch(null)}>Clear the filters</Button>} />
          ) : (
            <Empty title="Nothing is granted yet" action={platform ? <AddGrant /> : undefined}>
              With a grant, a team gets names under its suffix by itself, without asking anybody.
            </Empty>
          )
        ) : (
          <>
            <Table caption="Grants" columns={shown} rows={data.rows} rowKey={(row) => row.id} waiting={isPlaceholderData} />
            <More
              shown={data.rows.length}
              total={data.total}
              what="grant"
              first={cursor === ''}
              onFirst={() => void setSearch({ cursor: null })}
              onNext={data.nextCursor ? () => void setSearch({ cursor: data.nextCursor }, { history: 'push' }) : null}
            />
          </>
        )}
      </Card>
    </>
  );
}

const columns: readonly Column<Grant>[] = [
  {
    id: 'suffix',
    header: 'Suffix',
    cell: (row) => (
      <span className="name font-[560]">
        <Labels text={row.suffix} />
      </span>
    ),
  },
  { id: 'team', header: 'Team', className: 'whitespace-nowrap', cell: (row) => row.team },
  {
    id: 'where',
    header: 'Where',
    className: 'max-sm:hidden',
    cell: (row) => (
      <span className="flex flex-wrap gap-1">
        {row.environments.map((environment) => (
          <Badge key={environment}>{environment}</Badge>
        ))}
        {row.views.map((view) => (
          <Badge key={view}>{view}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'extra',
    header: 'Also',
    className: 'max-md:hidden',
    cell: (row) =>
      [row.wildcard && 'wildcards', row.apex && 'the suffix itself'].filter(Boolean).join(', ') || <span className="text-ink-3">—</span>,
  },
  {
    id: 'until',
    header: 'Until',
    className: 'max-md:hidden whitespace-nowrap',
    cell: (row) => (row.expiresAt ? <Time at={row.expiresAt} /> : <span className="text-ink-3">no end</span>),
  },
  { id: 'reason', header: 'Why', className: 'max-lg:hidden', cell: (row) => <span className="text-ink-2">{row.reason}</span> },
];

const revokeColumn: Column<Grant> = {
  id: 'revoke',
  header: 'Revoke',
  quiet: true,
  className: 'text-right',
  cell: (row) => <Revoke grant={row} />,
};

function Revoke({ grant }: { grant: Grant }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const revoke = useMutation(
    trpc.grants.revoke.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries(trpc.grants.pathFilter());
        toast.success(`${grant.team} may no longer claim names under ${grant.suffix}.`);
      },
    }),
  );
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" look="bare" aria-label={`Revoke ${grant.suffix} from ${grant.team}`}>
          Revoke
        </Button>
      }
      title={`Revoke ${grant.suffix} from ${grant.team}?`}
      description="Names that are live stay live. New names and changes under the suffix are refused from now on."
      confirm="Revoke the grant"
      keep="Keep it"
      busy={revoke.isPending && 'Revoking…'}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ id: grant.id })}
    />
  );
}
