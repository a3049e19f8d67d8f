'use client';
import type { ExpiryBoard } from '@hostmaster/core/contract/certificate';
import { certificateStates } from '@hostmaster/core/pki/certificate-state';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { Route } from 'next';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { Filter, TextFilter } from '@/components/ui/filter';
import { Link, TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { mayReview } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { campaignAddress } from '@/features/campaign/campaign-search';
import { useIssuers } from '@/features/issuer/use-issuers';
import { AskForName } from '@/features/request/ask-for-name';
import { useTeams } from '@/features/team/use-teams';
import { grouped, plural } from '@/lib/format/text';
import { dayAndMonth } from '@/lib/format/time';
import { type Change, useListSearch } from '@/lib/list-search';
import { optionsOf } from '@/lib/options';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { certificateColumns } from './certificate-columns';
import { type CertificateSearch, certificateFilters, certificateSearch, certificatesInput } from './certificate-search';
import { ExpiryBars } from './expiry-bars';
import { stateWords, urgencyWords } from './urgency';
import { UrgencyStrip } from './urgency-strip';

export function CertificateList() {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(certificateSearch);
  const asked = { ...search, q: useDebounced(search.q, 200) };
  const { data: board } = useSuspenseQuery({ ...trpc.certificates.board.queryOptions(), refetchInterval: 15_000 });
  const query = useQuery({ ...trpc.certificates.list.queryOptions(certificatesInput({ ...asked, cursor })), ...listQuery });
  const narrowed = Object.keys(certificateFilters(asked)).length > 0;
  return (
    <>
      <PageHeader title="Certificates" sub={<Lifetimes board={board} />} actions={<ToCampaigns search={search} />} />
      <div className="grid gap-4">
        <UrgencyStrip board={board} chosen={search.urgency} onChoose={(urgency) => void filter({ urgency })} />
        <Section title="By week of expiry" note="for a year; press a week to see its certificates">
          <ExpiryBars weeks={board.weeks} chosen={search.week} onChoose={(week) => void filter({ week })} />
        </Section>
        <PagedTable
          caption={search.order === 'asc' ? 'Certificates, the first to expire first' : 'Certificates, the last to expire first'}
          one="certificate"
          columns={certificateColumns}
          choice="certificates"
          rowKey={(row) => row.id}
          query={query}
          paging={paging}
          sort={{ by: 'expiry', order: search.order }}
          onSort={({ order }) => void filter({ order })}
          filters={<Filters search={search} onChange={(change) => void filter(change)} />}
          narrowed={narrowed ? { title: 'No certificate is like that', clear } : null}
          empty={
            <Empty title="No certificates yet" action={<AskForName />}>
              Every name gets one by itself as soon as its records are verified.
            </Empty>
          }
        />
      </div>
    </>
  );
}

function Lifetimes({ board: { total, over47Days, byHand } }: { board: ExpiryBoard }) {
  if (total === 0) return <p>No certificate is in use yet.</p>;
  return (
    <p>
      {plural(total, 'certificate')} in use
      {byHand === 0 ? (
        `, renewed by ${total === 1 ? 'itself' : 'themselves'}.`
      ) : (
        <>
          . Somebody renews{' '}
          <TextLink href={{ pathname: '/certificates', query: { byHand: 'true' } }}>
            {byHand === total ? 'all of them' : `${grouped(byHand)} of them`} by hand
          </TextLink>
          {byHand < total && '; the others renew by themselves'}.
        </>
      )}{' '}
      {over47Days > 0 && (
        <>
          <TextLink href={{ pathname: '/certificates', query: { over47Days: 'true' } }} className="font-[560] text-wait">
            {grouped(over47Days)} of public CAs {over47Days === 1 ? 'lives' : 'live'} for more than 47 days
          </TextLink>
          , the longest lifetime that browsers accept from March 2029 on.
        </>
      )}
    </p>
  );
}

/** Many at once: those that the filters leave, as far as a campaign has them. */
function ToCampaigns({ search }: { search: CertificateSearch }) {
  const me = useMe();
  return (
    <>
      <Button asChild>
        <Link href="/campaigns">Campaigns</Link>
      </Button>
      {mayReview(me) && (
        <Button asChild>
          <Link href={campaignAddress(search) as Route}>Replace or revoke these</Link>
        </Button>
      )}
    </>
  );
}

const stateOptions = optionsOf(certificateStates, stateWords);

function Filters({ search, onChange }: { search: CertificateSearch; onChange: (change: Change<CertificateSearch>) => void }) {
  const me = useMe();
  const issuers = useIssuers();
  const teams = useTeams();
  return (
    <>
      <TextFilter
        label="Filter by name or serial"
        placeholder="Filter names, serials…"
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <Filter
        label="Team"
        value={search.team}
        onChange={(team) => onChange({ team })}
        options={teams.map((team) => ({ value: team.slug, label: team.name }))}
      />
      <Filter
        label="Environment"
        value={search.environment}
        onChange={(environment) => onChange({ environment })}
        options={me.environments.map((each) => ({ value: each.slug, label: each.name }))}
      />
      <Filter
        label="Issuer"
        value={search.issuer}
        onChange={(issuer) => onChange({ issuer })}
        options={issuers.map((issuer) => ({ value: issuer.slug, label: issuer.name }))}
      />
      <Filter label="State" value={search.state} onChange={(state) => onChange({ state })} options={stateOptions} unset="In use" />
      {me.teams.length > 0 && (
        <Chip pressed={search.mine} onChange={(mine) => onChange({ mine })}>
          My teams
        </Chip>
      )}
      {search.atLeast && (
        <Chip pressed onChange={() => onChange({ atLeast: null })}>
          {urgencyWords[search.atLeast]} or more
        </Chip>
      )}
      {search.byHand && (
        <Chip pressed onChange={() => onChange({ byHand: false })}>
          Renewed by hand
        </Chip>
      )}
      {search.over47Days && (
        <Chip pressed onChange={() => onChange({ over47Days: false })}>
          More than 47 days
        </Chip>
      )}
      {search.week !== '' && (
        <Chip pressed onChange={() => onChange({ week: '' })}>
          Week of {dayAndMonth(search.week)}
        </Chip>
      )}
    </>
  );
}
