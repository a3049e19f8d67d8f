'use client';
import { auditActions, auditActionWords } from '@hostmaster/core/audit/actions';
import { useQuery } from '@tanstack/react-query';
import { Empty } from '@/components/ui/empty';
import { DayFilter, Filter, TextFilter } from '@/components/ui/filter';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { auditColumns } from './audit-columns';
import { auditInput, auditSearch, narrowedBy } from './audit-search';
import { VerifyChain } from './verify-chain';

const texts = [
  { key: 'subject', label: 'Filter by name or thing', placeholder: 'Name or thing…' },
  { key: 'actor', label: 'Filter by person', placeholder: 'Person…' },
] as const;
const actions = auditActionWords.map((word) => ({ value: word, label: auditActions[word].name }));

export function AuditList() {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(auditSearch);
  const asked = useDebounced(search, 200);
  const query = useQuery({ ...trpc.audit.list.queryOptions(auditInput({ ...asked, cursor })), ...listQuery });
  const narrowed = narrowedBy(asked);
  return (
    <>
      <PageHeader
        title="Audit"
        sub={<p>Who did what, kept with the act itself. Each event carries the hash of the one before.</p>}
        actions={<VerifyChain />}
      />
      <PagedTable
        caption={search.order === 'desc' ? 'Audit events, newest first' : 'Audit events, oldest first'}
        one="event"
        columns={auditColumns}
        choice="audit"
        rowKey={(row) => String(row.seq)}
        query={query}
        paging={paging}
        sort={{ by: 'at', order: search.order }}
        onSort={({ order }) => void filter({ order })}
        filters={
          <>
            {texts.map(({ key, label, placeholder }) => (
              <TextFilter
                key={key}
                label={label}
                placeholder={placeholder}
                value={search[key]}
                onChange={(text) => void filter({ [key]: text })}
              />
            ))}
            <DayFilter label="From" value={search.from} onChange={(from) => void filter({ from })} />
            <DayFilter label="Until" value={search.until} onChange={(until) => void filter({ until })} />
            <Filter label="Action" value={search.action} onChange={(action) => void filter({ action })} options={actions} />
          </>
        }
        narrowed={narrowed === null ? null : { title: narrowed, clear }}
        empty={<Empty title="Nothing has happened yet">Every sign-in, request, review and change is written here.</Empty>}
      />
    </>
  );
}
