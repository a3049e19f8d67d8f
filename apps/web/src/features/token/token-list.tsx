'use client';
import type { tokenRow } from '@hostmaster/core/contract/account';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Badge } from '@/components/ui/badge';
import { Empty } from '@/components/ui/empty';
import { TextLink } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { TakeAway } from '@/components/ui/take-away';
import { Time, useNow } from '@/components/ui/time';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { AddToken } from './add-token';

type Token = z.output<typeof tokenRow>;

const columns: readonly Column<Token>[] = [
  { id: 'name', header: 'Token', fixed: true, cell: (row) => <b className="font-[560]">{row.name}</b> },
  { id: 'state', header: 'State', under: true, cell: (row) => <TokenState token={row} /> },
  {
    id: 'scopes',
    header: 'May',
    className: 'max-md:hidden',
    cell: (row) => (
      <span className="flex flex-wrap gap-1">
        {row.scopes.map((scope) => (
          <Badge key={scope} className="data">
            {scope}
          </Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'teams',
    header: 'For',
    className: 'max-lg:hidden',
    cell: (row) => row.teams.join(', ') || <span className="text-ink-3">no team</span>,
  },
  {
    id: 'used',
    header: 'Last used',
    className: 'max-sm:hidden whitespace-nowrap',
    cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <span className="text-ink-3">never</span>),
  },
  {
    id: 'revoke',
    header: 'Revoke',
    quiet: true,
    fixed: true,
    className: 'text-right',
    cell: (row) => !row.revokedAt && <Revoke token={row} />,
  },
];

function TokenState({ token }: { token: Token }) {
  const now = useNow();
  if (token.revokedAt)
    return (
      <Status state="none">
        Revoked <Time at={token.revokedAt} />
      </Status>
    );
  if (Date.parse(token.expiresAt) < now) return <Status state="none">Expired</Status>;
  return (
    <Status state="ok">
      Expires <Time at={token.expiresAt} />
    </Status>
  );
}

export function TokenList() {
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.tokens.list.queryOptions(asked), ...listQuery });
  return (
    <>
      <PageHeader
        title="Tokens"
        sub={
          <p>
            For scripts and pipelines: a token does what its scopes say, in your name. How is in the{' '}
            <TextLink href="/api/docs">documentation of the API</TextLink>.
          </p>
        }
        actions={<AddToken />}
      />
      <PagedTable
        caption="Tokens"
        one="token"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        empty={
          <Empty title="You have no token" action={<AddToken />}>
            Everything that this portal does can be done over the API with a token.
          </Empty>
        }
      />
    </>
  );
}

function Revoke({ token: { id, name } }: { token: Token }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Revoke"
      kind="token"
      which={name}
      title={`Revoke ${name}?`}
      description="Whatever uses it, or a token that it made, is refused from the next call on. This cannot be taken back."
      options={trpc.tokens.revoke.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.tokens.pathFilter()]}
      done={`${name} no longer works.`}
    />
  );
}
