'use client';
import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { mostSearchedThrough } from '@hostmaster/core/contract/zone-search';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Link, TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Table } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { settingFacts, settingRows } from '@/features/connection/settings-fields';
import { countText } from '@/features/operation/progress';
import { listed, plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { GiveUpZone } from './give-up-zone';
import { MoreGrants } from './more-grants';
import { ReadNow } from './read-now';
import { SeenWhen, ZoneRecordSets } from './record-sets';
import { RemoveZone } from './remove-zone';
import { TestConnection } from './test-connection';
import { useProvider } from './use-provider';
import { ZoneHealth } from './zone-list';

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

const limitText = ({ percent, records }: ZoneRow['safety']['deletes']) => `${percent} % or ${plural(records, 'record')}`;

export function ZoneView({ id }: { id: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data: zone } = useSuspenseQuery({
    ...trpc.zones.get.queryOptions({ id }),
    refetchInterval: ({ state }) => (state.data?.syncedAt && state.data.reading === null ? 15_000 : 2_000),
  });
  const provider = useProvider(zone.connection.kind);
  return (
    <>
      <PageHeader
        crumb={{ href: '/zones', label: 'Zones' }}
        title={<span className="name font-[620] text-lg sm:text-name">{zone.apex}</span>}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <ZoneHealth zone={zone} said="read" />
            {zone.reading?.progress && <span className="tabular-nums">{countText(zone.reading.progress)}</span>}
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
              {zone.syncError && !zone.givenUpAt && <GiveUpZone zone={zone} />}
              <RemoveZone zone={zone} />
            </>
          ) : undefined
        }
      />
      <div className="grid grid-cols-1 gap-4">
        {zone.givenUpAt && (
          <Callout state="none" title="This zone was given up.">
            <Time at={zone.givenUpAt} />: it is gone from its servers. Nothing is read or written there; names in it are retired without
            them, and then it can be removed. Connecting it anew takes that back.
          </Callout>
        )}
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
                {!zone.givenUpAt && <ReadNow zone={zone} />}
                {!zone.givenUpAt && <TestConnection zone={zone} />}
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
              <Fact name="Port">
                {zone.servedPort}
                {zone.allowedPorts.length > 0 && `, or as a contract says: ${zone.allowedPorts.join(', ')}`}
              </Fact>
              <Fact name="Probes reach">
                {zone.allowedRanges.length === 0 ? 'public addresses only' : `public addresses and ${listed(zone.allowedRanges)}`}
              </Fact>
              <Fact name="One plan">
                removes at most {limitText(zone.safety.deletes)}, changes at most {limitText(zone.safety.updates)}
              </Fact>
              <Fact name="First name">{zone.reviewFirstExposure ? 'of a team is reviewed' : 'of a team needs no review'}</Fact>
              <Fact name="Kept for">{zone.environments.length === 0 ? 'any environment' : listed(zone.environments)}</Fact>
              <Fact name="Granted to">
                {zone.grants.length === 0 ? (
                  <>
                    nobody yet{isPlatform(me) && '; '}
                    {isPlatform(me) && <TextLink href="/grants">grant names in it</TextLink>}
                  </>
                ) : (
                  zone.grants.map((grant) => (
                    <span key={grant.id} className="block">
                      {grant.team} <span className="name text-ink-3 text-xs">{grant.suffix}</span>
                    </span>
                  ))
                )}
                <MoreGrants zone={zone} />
              </Fact>
            </Facts>
          </Section>
        </div>
        <section className="grid min-w-0 gap-2.5">
          <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <h2 className="text-base">Record sets</h2>
            <p className="text-ink-3 text-xs">
              <SeenWhen zone={zone} />
            </p>
          </header>
          <ZoneRecordSets id={id} read={zone.syncedAt !== null} large={zone.recordSetCount > mostSearchedThrough} />
        </section>
      </div>
    </>
  );
}
