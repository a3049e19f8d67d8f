'use client';
import type { ZoneDetail, ZoneRow } from '@hostmaster/core/contract/zone';
import { useSuspenseQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Labels } from '@/features/name/hostname';
import { listed, plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { ReadNow } from './read-now';
import { RemoveZone } from './remove-zone';
import { settingFacts, settingRows } from './settings-fields';
import { TestConnection } from './test-connection';
import { useProvider } from './use-provider';
import { ZoneHealth } from './zone-list';

type OwnedRecordSet = ZoneDetail['recordSets'][number];

const serverColumns: readonly Column<ZoneRow['servers'][number]>[] = [
  { id: 'name', header: 'Server', cell: (row) => <span className="data">{row.name}</span> },
  {
    id: 'address',
    header: 'Address',
    cell: (row) => (
      <span className="data">
        {row.address}
        {row.port !== 53 && <span className="text-ink-3"> port {row.port}</span>}
      </span>
    ),
  },
];

const recordColumns: readonly Column<OwnedRecordSet>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (row) => (
      <span className="name text-xs">
        <Labels text={row.name} />
      </span>
    ),
  },
  { id: 'ttl', header: 'TTL', className: 'text-right tabular-nums max-sm:hidden', cell: (row) => row.ttl },
  { id: 'type', header: 'Type', cell: (row) => <span className="data">{row.type}</span> },
  { id: 'values', header: 'Values', cell: (row) => <span className="data break-words">{row.values.join(', ')}</span> },
  {
    id: 'owner',
    header: 'Owner',
    className: 'whitespace-nowrap',
    cell: (row) =>
      row.endpointId ? (
        <TextLink href={`/endpoints/${row.endpointId}`}>{row.team ?? 'endpoint'}</TextLink>
      ) : (
        <span className="text-ink-3">not ours</span>
      ),
  },
];

const limitText = ({ percent, records }: ZoneRow['safety']['deletes']) => `${percent} % or ${plural(records, 'record')}`;

const shownAtOnce = 200;

/** One answer holds so many; what is beyond it is not looked through either. */
const shownOf = ({ recordSets, recordSetCount }: ZoneDetail): string => {
  const all = recordSetCount.toLocaleString('en-US');
  return recordSets.length < recordSetCount ? `the first ${recordSets.length.toLocaleString('en-US')} of ${all}` : `all ${all}`;
};

export function ZoneView({ id }: { id: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data: zone } = useSuspenseQuery({
    ...trpc.zones.get.queryOptions({ id }),
    refetchInterval: ({ state }) => (state.data?.syncedAt ? 15_000 : 2_000),
  });
  const provider = useProvider(zone.connection.kind);
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(shownAtOnce);
  const wanted = useMemo(() => {
    const part = text.trim().toLowerCase();
    return part === ''
      ? zone.recordSets
      : zone.recordSets.filter(
          (set) =>
            set.name.includes(part) ||
            set.type.toLowerCase() === part ||
            set.team === part ||
            set.values.some((value) => value.includes(part)),
        );
  }, [zone.recordSets, text]);
  return (
    <>
      <PageHeader
        crumb={{ href: '/zones', label: 'Zones' }}
        title={<span className="name font-[620] text-lg sm:text-name">{zone.apex}</span>}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <ZoneHealth zone={zone} said="read" />
            <Badge>{zone.view}</Badge>
            <span>owned by {zone.ownerTeam}</span>
            {zone.serial !== null && <span className="tabular-nums">serial {zone.serial}</span>}
            <TextLink href={{ pathname: '/endpoints', query: { zone: zone.apex } }}>{plural(zone.endpointCount, 'endpoint')}</TextLink>
          </span>
        }
        actions={
          isPlatform(me) ? (
            <>
              <Button asChild>
                <Link href={`/zones/${id}/edit`}>Edit</Link>
              </Button>
              <RemoveZone zone={zone} />
            </>
          ) : undefined
        }
      />
      <div className="grid grid-cols-1 gap-4">
        {zone.signingError && (
          <Callout state="bad" title="No CA can be made that signs for names of this zone in months to come.">
            {zone.signingError.message} {zone.signingError.remedy} Moves next: {zone.signingError.movesNext}; every reading of the zone
            tries again.
          </Callout>
        )}
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
          <div className="grid min-w-0 gap-4">
            <Section title="Servers" note="all of them must agree before a name is live" flush>
              <Table
                caption="Authoritative servers"
                columns={serverColumns}
                rows={zone.servers}
                rowKey={(row) => `${row.name}${row.address}${row.port}`}
              />
            </Section>
            {isPlatform(me) && (
              <>
                <ReadNow zone={zone} />
                <TestConnection zone={zone} />
              </>
            )}
          </div>
          <Section title="Connection">
            <Facts>
              <Fact name="Provider">{provider?.label ?? zone.connection.kind}</Fact>
              {provider &&
                settingFacts(settingRows(provider), zone.connection.settings).map(({ title, value, beside }) => (
                  <Fact key={title} name={title} mono>
                    {value} {beside && <span className="text-ink-3">{beside}</span>}
                  </Fact>
                ))}
              <Fact name="TTL">
                {zone.ttlMin} to {zone.ttlMax} s
              </Fact>
              <Fact name="Port">{zone.servedPort}, unless a contract says otherwise</Fact>
              <Fact name="Probes reach">
                {zone.allowedRanges.length === 0 ? 'public addresses only' : `public addresses and ${listed(zone.allowedRanges)}`}
              </Fact>
              <Fact name="One plan">
                removes at most {limitText(zone.safety.deletes)}, changes at most {limitText(zone.safety.updates)}
              </Fact>
              <Fact name="First name">{zone.reviewFirstExposure ? 'of a team is reviewed' : 'of a team needs no review'}</Fact>
              <Fact name="Kept for">{zone.environments.length === 0 ? 'any environment' : listed(zone.environments)}</Fact>
              <Fact name="Granted to">
                {zone.grants.length === 0
                  ? 'nobody yet'
                  : zone.grants.map((grant) => (
                      <span key={grant.id} className="block">
                        {grant.team} <span className="name text-ink-3 text-xs">{grant.suffix}</span>
                      </span>
                    ))}
              </Fact>
            </Facts>
          </Section>
        </div>
        <Section
          title="Record sets"
          note={`${shownOf(zone)} as last read, with the endpoint that holds each`}
          flush
          action={
            <Input
              type="search"
              aria-label="Filter record sets"
              placeholder="Filter…"
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="h-8 w-44"
            />
          }
        >
          {wanted.length === 0 ? (
            <p className="px-5 pb-5 text-ink-2 text-sm">
              {text === '' ? 'The zone was not read yet.' : `No record set has “${text}” in it.`}
            </p>
          ) : (
            <Table
              caption="Record sets"
              columns={recordColumns}
              dense
              rows={wanted.slice(0, limit)}
              rowKey={(row) => `${row.name} ${row.type}`}
            />
          )}
          {wanted.length > limit && (
            <div className="border-line border-t p-3 text-center">
              <Button size="sm" onClick={() => setLimit(limit + 500)}>
                Show more of {wanted.length.toLocaleString('en-US')}
              </Button>
            </div>
          )}
        </Section>
      </div>
    </>
  );
}
