'use client';
import type { BundleFetch } from '@hostmaster/core/contract/authority';
import { useQuery } from '@tanstack/react-query';
import { Empty } from '@/components/ui/empty';
import { Status } from '@/components/ui/mark';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';

const columns: readonly Column<BundleFetch>[] = [
  { id: 'address', header: 'Fetched from', fixed: true, cell: (row) => <span className="data">{row.address}</span> },
  {
    id: 'newest',
    header: 'Bundle',
    under: true,
    cell: (row) => (row.newest ? <Status state="ok">the newest</Status> : <Status state="wait">an older one</Status>),
  },
  { id: 'lastSeenAt', header: 'Last', cell: (row) => <Time at={row.lastSeenAt} /> },
];

/** Who has fetched the roots: it says what was fetched, and not who trusts it. */
export function Fetches() {
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const query = useQuery({ ...trpc.authority.fetches.queryOptions(asked), ...listQuery });
  return (
    <section>
      <h2 className="mt-4 text-base">Who has fetched the bundle</h2>
      <p className="mt-1 mb-3 text-ink-2 text-sm">
        From where <code className="data">/pki/root.pem</code>, or a store made of it, was fetched in the last 90 days. A cache before
        several hosts is one address, and whoever was given the roots otherwise is not seen here.
      </p>
      <PagedTable
        caption="Who has fetched the bundle"
        one="address"
        columns={columns}
        rowKey={(row) => row.address}
        query={query}
        paging={paging}
        empty={<Empty title="Nobody has fetched it yet">Hosts that fetch the bundle from here are listed with what they fetched.</Empty>}
      />
    </section>
  );
}
