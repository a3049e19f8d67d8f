'use client';
import { useQuery } from '@tanstack/react-query';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { TextFilter } from '@/components/ui/filter';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { mayReview } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { AskForName } from './ask-for-name';
import { requestColumns } from './request-columns';
import { orderOf, type RequestTab, requestSearch, requestsInput, tabOf } from './request-search';

const empties = {
  queue: { title: 'Nothing waits for you', text: 'Requests that need your review appear here, the oldest first.' },
  open: { title: 'No request is open', text: 'Requests in review or being applied appear here.' },
  all: { title: 'Nobody has asked for a name yet', text: 'Every request, its plan and its reviews are kept here.' },
} satisfies Record<RequestTab, { title: string; text: string }>;

/** What is said where a name or a team leaves nothing. */
function narrowedBy(q: string, mine: boolean, clear: () => void) {
  if (q === '' && !mine) return null;
  return { title: q === '' ? 'No request here is of your teams' : `No request here is for a name with “${q}”`, clear };
}

export function RequestList() {
  const me = useMe();
  const reviewer = mayReview(me);
  const trpc = useTRPC();
  const { search, filter, cursor, paging } = useListSearch(requestSearch);
  const tab = tabOf(search, reviewer);
  const q = useDebounced(search.q, 200);
  const query = useQuery({ ...trpc.requests.list.queryOptions(requestsInput({ ...search, q, cursor }, reviewer)), ...listQuery });
  const waiting = useQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 }).data?.counts.reviews;
  return (
    <Tabs
      label="Requests"
      value={tab}
      onChange={(next) => void filter({ tab: next, order: null })}
      tabs={[
        { value: 'queue', label: 'Waiting for me', count: waiting ?? null },
        { value: 'open', label: 'Open' },
        { value: 'all', label: 'All' },
      ]}
    >
      <TabPanel value={tab}>
        <PagedTable
          caption="Requests"
          one="request"
          columns={requestColumns}
          choice="requests"
          rowKey={(row) => row.id}
          query={query}
          paging={paging}
          sort={{ by: 'asked', order: orderOf(search, tab) }}
          onSort={({ order }) => void filter({ order })}
          filters={
            <>
              <TextFilter
                label="Filter by name"
                placeholder="Filter names…"
                value={search.q}
                onChange={(text) => void filter({ q: text })}
              />
              {me.teams.length > 0 && (
                <Chip pressed={search.mine} onChange={(mine) => void filter({ mine })}>
                  My teams
                </Chip>
              )}
            </>
          }
          narrowed={narrowedBy(q, search.mine, () => void filter({ q: null, mine: null }))}
          empty={
            <Empty title={empties[tab].title} action={<AskForName />}>
              {empties[tab].text}
            </Empty>
          }
        />
      </TabPanel>
    </Tabs>
  );
}
