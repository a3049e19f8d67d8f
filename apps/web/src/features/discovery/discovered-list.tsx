'use client';
import { type DiscoveredRow, endsWithinDays, verdicts } from '@hostmaster/core/contract/discovery';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { Filter, TextFilter } from '@/components/ui/filter';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { Labels } from '@/features/name/hostname';
import { plural } from '@/lib/format/text';
import { type Change, useListSearch } from '@/lib/list-search';
import { optionsOf } from '@/lib/options';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { type DiscoveredSearch, discoveredFilters, discoveredInput, discoveredSearch } from './discovered-search';
import { nameOf, verdictMarks, verdictWords } from './words';

const columns: readonly Column<DiscoveredRow>[] = [
  {
    id: 'name',
    header: 'Certificate',
    fixed: true,
    cell: (row) => (
      <span>
        <Link href={`/discovered/${row.id}`} className={`${rowLink} name [overflow-wrap:anywhere]`}>
          <Labels text={nameOf(row)} />
        </Link>
        {row.namesTotal > 1 && <span className="ml-1.5 text-ink-3 text-xs">and {row.namesTotal - 1} more</span>}
      </span>
    ),
  },
  {
    id: 'verdict',
    header: 'Verdict',
    under: true,
    cell: ({ verdict }) => <Status state={verdictMarks[verdict]}>{verdictWords[verdict]}</Status>,
  },
  {
    id: 'ends',
    header: 'Ends',
    className: 'whitespace-nowrap',
    under: true,
    cell: ({ notAfter }) => (notAfter === null ? <span className="text-ink-3">cannot be read</span> : <Time at={notAfter} />),
  },
  {
    id: 'owner',
    header: 'Likely owner',
    under: true,
    cell: ({ owner }) => owner?.team ?? <span className="text-ink-3">nobody known</span>,
  },
  {
    id: 'issuer',
    header: 'Signed by',
    className: 'max-lg:hidden',
    cell: (row) => <span className="text-ink-2 text-xs [overflow-wrap:anywhere]">{row.issuer || '–'}</span>,
  },
  {
    id: 'served',
    header: 'Served',
    className: 'max-md:hidden whitespace-nowrap',
    cell: ({ served, logs, lastSeenAt }) =>
      served > 0 ? (
        `at ${plural(served, 'place')}`
      ) : logs > 0 ? (
        <span className="text-ink-3">in a log, not where is looked</span>
      ) : (
        <span className="text-ink-3">
          gone; last seen <Time at={lastSeenAt} />
        </span>
      ),
  },
];

export function DiscoveredList() {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(discoveredSearch);
  const asked = { ...search, q: useDebounced(search.q, 200) };
  const query = useQuery({ ...trpc.discovery.list.queryOptions(discoveredInput({ ...asked, cursor })), ...listQuery });
  const narrowed = Object.keys(discoveredFilters(asked)).length > 0;
  const scopes = (
    <>
      <Button asChild>
        <Link href="/discovery-scopes">Where is looked</Link>
      </Button>
      <Button asChild>
        <Link href="/transparency-logs">Logs that are read</Link>
      </Button>
    </>
  );
  return (
    <>
      <PageHeader
        title="Discovered"
        sub={
          <p>
            Certificates that are served where Hostmaster looks, or stand in logs that it reads, whoever issued them; the first to end
            first.
          </p>
        }
        actions={scopes}
      />
      <PagedTable
        caption="Certificates that were found, the first to end first"
        one="certificate"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        paging={paging}
        filters={<Filters search={search} onChange={(change) => void filter(change)} />}
        narrowed={narrowed ? { title: 'No certificate that was found is like that', clear: () => void clear() } : null}
        empty={
          <Empty title="Nothing was found yet" action={scopes}>
            Hostmaster looks nowhere by itself. A platform admin says which hosts and ranges may be looked at, and which logs are read.
          </Empty>
        }
      />
    </>
  );
}

const verdictOptions = optionsOf(verdicts, verdictWords);
const endsOptions = endsWithinDays.map((days) => ({ value: String(days), label: `Ends within ${days} days` }));

function Filters({ search, onChange }: { search: DiscoveredSearch; onChange: (change: Change<DiscoveredSearch>) => void }) {
  const trpc = useTRPC();
  const { data: scopes } = useQuery(trpc.discovery.scopes.queryOptions({ limit: 200 }));
  const { data: logs } = useQuery(trpc.discovery.logs.queryOptions({ limit: 200 }));
  return (
    <>
      <TextFilter
        label="Filter by name, subject or issuer"
        placeholder="Filter names, issuers…"
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <Filter label="Verdict" value={search.verdict} onChange={(verdict) => onChange({ verdict })} options={verdictOptions} />
      <Filter
        label="Source"
        value={search.scope}
        onChange={(scope) => onChange({ scope })}
        options={[
          ...(scopes?.rows ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ...(logs?.rows ?? []).map(({ id, address }) => ({ value: id, label: address })),
        ]}
      />
      <Filter
        label="End"
        value={search.endsWithin === null ? null : String(search.endsWithin)}
        onChange={(days) => onChange({ endsWithin: days === null ? null : Number(days) })}
        options={endsOptions}
      />
      <Chip pressed={search.gone} onChange={(gone) => onChange({ gone })}>
        Also what is gone
      </Chip>
    </>
  );
}
