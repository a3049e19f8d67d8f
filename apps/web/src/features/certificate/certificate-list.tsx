'use client';
import type { CertificateRow } from '@hostmaster/core/contract/certificate';
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { Button } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Empty } from '@/components/ui/empty';
import { Filter } from '@/components/ui/filter';
import { Input } from '@/components/ui/input';
import { Status } from '@/components/ui/mark';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TableBones } from '@/components/ui/skeleton';
import { type Column, rowLink, Table } from '@/components/ui/table';
import { useMe } from '@/features/account/use-me';
import { Hostname } from '@/features/name/hostname';
import { brief, grouped, plural } from '@/lib/format/text';
import { dayAndMonth } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { type CertificateSearch, certificateSearch, certificatesInput } from './certificate-search';
import { ExpiryBars } from './expiry-bars';
import { LifetimeMeter } from './lifetime-meter';
import { RenewsAt } from './renewal';
import { stateMarks, stateWords } from './urgency';
import { UrgencyStrip } from './urgency-strip';

const columns: readonly Column<CertificateRow>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (row) => (
      <span>
        <Link href={`/certificates/${row.serial}`} className={rowLink}>
          <Hostname name={row.names[0] ?? row.serial} />
        </Link>
        {row.names.length > 1 && <span className="ml-1.5 text-ink-3 text-xs">and {row.names.length - 1} more</span>}
      </span>
    ),
  },
  { id: 'left', header: 'Left', cell: (row) => <LifetimeMeter {...row} /> },
  {
    id: 'state',
    header: 'State',
    className: 'max-sm:hidden',
    cell: (row) => <Status state={stateMarks[row.state]}>{stateWords[row.state]}</Status>,
  },
  { id: 'renews', header: 'Renews', className: 'max-md:hidden', cell: (row) => <RenewsAt after={row.renewAfter} /> },
  { id: 'team', header: 'Team', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.team },
  { id: 'issuer', header: 'Issuer', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.issuer },
  {
    id: 'serial',
    header: 'Serial',
    className: 'max-xl:hidden whitespace-nowrap',
    cell: (row) => (
      <span className="data text-ink-3" title={row.serial}>
        {brief(row.serial)}
      </span>
    ),
  },
];

export function CertificateList() {
  const me = useMe();
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(certificateSearch, { history: 'replace' });
  const filter = (change: Partial<CertificateSearch>) => void setSearch({ ...change, cursor: null });
  const q = useDebounced(search.q, 200);
  const { data: board } = useSuspenseQuery({ ...trpc.certificates.board.queryOptions(), refetchInterval: 15_000 });
  const issuers = useQuery(trpc.issuers.list.queryOptions());
  const teams = useQuery(trpc.teams.list.queryOptions());
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...trpc.certificates.list.queryOptions(certificatesInput({ ...search, q })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const filtered = Object.values(certificatesInput({ ...search, q, cursor: '' })).length > 0;
  return (
    <>
      <PageHeader
        title="Certificates"
        sub={
          <p>
            {board.total === 0
              ? 'No certificate is in use yet.'
              : `${plural(board.total, 'certificate')} in use, renewed by ${board.total === 1 ? 'itself' : 'themselves'}.`}{' '}
            {board.total === 0 ? null : board.over47Days > 0 ? (
              <>
                <b className="font-[560] text-wait">
                  {grouped(board.over47Days)} {board.over47Days === 1 ? 'breaks' : 'break'} under 47 days
                </b>
                , the longest lifetime that browsers accept from March 2029 on.
              </>
            ) : (
              'None is longer than the 47 days that browsers will accept from March 2029 on.'
            )}
          </p>
        }
      />
      <div className="grid gap-4">
        <UrgencyStrip board={board} chosen={search.urgency} onChoose={(urgency) => filter({ urgency })} />
        <Section title="By week of expiry" note="for a year; press a week to see its certificates">
          <ExpiryBars weeks={board.weeks} chosen={search.week} onChoose={(week) => filter({ week })} />
        </Section>
        <Card className="overflow-clip">
          <search className="flex flex-wrap items-center gap-2 border-line border-b p-3">
            <Input
              type="search"
              aria-label="Filter by name or serial"
              placeholder="Filter names, serials…"
              value={search.q}
              onChange={(event) => filter({ q: event.target.value })}
              className="h-8 min-w-44 max-w-72 flex-1"
            />
            <Filter
              label="Team"
              value={search.team}
              onChange={(team) => filter({ team })}
              options={(teams.data?.rows ?? []).map((team) => ({ value: team.slug, label: team.name }))}
            />
            <Filter
              label="Environment"
              value={search.environment}
              onChange={(environment) => filter({ environment })}
              options={me.environments.map((each) => ({ value: each.slug, label: each.name }))}
            />
            <Filter
              label="Issuer"
              value={search.issuer}
              onChange={(issuer) => filter({ issuer })}
              options={(issuers.data?.rows ?? []).map((issuer) => ({ value: issuer.slug, label: issuer.name }))}
            />
            {search.week !== '' && (
              <Chip pressed onChange={() => filter({ week: '' })}>
                Week of {dayAndMonth(search.week)}
              </Chip>
            )}
          </search>
          {error && !data ? (
            <ProblemPanel error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} className="m-4" />
          ) : !data ? (
            <TableBones />
          ) : data.rows.length === 0 && filtered ? (
            <Empty title="No certificate is like that" action={<Button onClick={() => void setSearch(null)}>Clear the filters</Button>} />
          ) : data.rows.length === 0 ? (
            <Empty
              title="No certificates yet"
              action={
                <Button asChild look="primary">
                  <Link href="/requests/new">Request a name</Link>
                </Button>
              }
            >
              Every name gets one by itself as soon as its records are verified.
            </Empty>
          ) : (
            <>
              <Table
                caption="Certificates, the first to expire first"
                columns={columns}
                rows={data.rows}
                rowKey={(row) => row.id}
                waiting={isPlaceholderData}
              />
              <More
                shown={data.rows.length}
                total={data.total}
                what="certificate"
                first={search.cursor === ''}
                onFirst={() => void setSearch({ cursor: null })}
                onNext={data.nextCursor ? () => void setSearch({ cursor: data.nextCursor }, { history: 'push' }) : null}
              />
            </>
          )}
        </Card>
      </div>
    </>
  );
}
