'use client';
import type { DestinationRow } from '@hostmaster/core/contract/destination';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card, Fact, Facts, Section } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Link, TextLink } from '@/components/ui/link';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { settingFacts, settingRows } from '@/features/connection/settings-fields';
import { TestConnection } from '@/features/connection/test-connection';
import { grouped, listed } from '@/lib/format/text';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { RemoveDestination } from './remove-destination';
import { useDestinationKinds } from './use-destinations';

export function DestinationList() {
  const platform = isPlatform(useMe());
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const { rows, nextCursor: next, total } = useSuspenseQuery(trpc.destinations.list.queryOptions(asked)).data;
  const connect = platform ? (
    <Button asChild look="primary">
      <Link href="/destinations/new">Connect a destination</Link>
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader
        title="Destinations"
        sub={<p>Where certificates are handed to, beside the directory of the worker.</p>}
        actions={connect}
      />
      {rows.length === 0 && (
        <Card>
          <Empty title="No destination is connected" action={connect}>
            Certificates go into the directory of the worker, where it has one. Connect a cluster of Kubernetes, and those of names that
            lead to it become Secrets there; an account of AWS or a vault of Azure, and load balancers there serve them; or a program of
            yours, which is sent them as signed messages.
          </Empty>
        </Card>
      )}
      <div className="grid grid-cols-1 gap-4">
        {rows.map((destination) => (
          <Destination key={destination.id} destination={destination} platform={platform} />
        ))}
        {(next !== null || !paging.atFirst) && (
          <More
            shown={rows.length}
            total={total}
            what="destination"
            first={paging.atFirst}
            onFirst={paging.toFirst}
            onNext={next === null ? null : () => paging.to(next)}
          />
        )}
      </div>
    </>
  );
}

function Destination({ destination, platform }: { destination: DestinationRow; platform: boolean }) {
  const { id, slug, settings, clusters, certificates, loadBalancers, lastTest } = destination;
  const full = loadBalancers.filter(({ certificates: held, atMost }) => held >= atMost);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const kind = useDestinationKinds().find((each) => each.kind === destination.kind);
  return (
    <Section
      title={slug}
      note={kind?.label ?? destination.kind}
      action={
        platform && (
          <div className="flex flex-wrap items-center justify-end gap-1">
            <Button asChild size="sm" look="bare">
              <Link href={`/destinations/${id}/edit`} aria-label={`Edit the destination ${slug}`}>
                Edit
              </Link>
            </Button>
            <RemoveDestination destination={destination} />
          </div>
        )
      }
    >
      <Facts className="content-start">
        {kind &&
          settingFacts(settingRows(kind), settings).map(({ title, value, beside }) => (
            <Fact key={title} name={title} mono>
              {value} {beside && <span className="text-ink-3">{beside}</span>}
            </Fact>
          ))}
        <Fact name="Attached to">
          {clusters.length > 0 ? (
            listed([...clusters])
          ) : (
            <>
              no cluster yet: <TextLink href="/clusters">change one</TextLink>, and names that lead to it are served from here.
            </>
          )}
        </Fact>
        <Fact name="Certificates">{grouped(certificates)}</Fact>
        {loadBalancers.length > 0 && (
          <Fact name="Load balancers">
            {listed(loadBalancers.map(({ name, certificates: held, atMost }) => `${name} uses ${grouped(held)} of ${grouped(atMost)}`))}
          </Fact>
        )}
      </Facts>
      {full.length > 0 && (
        <Callout state="bad" title={`${listed(full.map(({ name }) => name))} ${full.length === 1 ? 'is' : 'are'} full`}>
          A load balancer of AWS refuses one more than it may hold beside its default certificate, those of others included. Lead new names
          to another cluster, put several names into one certificate, or have the quota raised and say so as the limit of the cluster.
        </Callout>
      )}
      <TestConnection
        id={id}
        name={slug}
        lastTest={lastTest}
        checks={kind?.checks ?? null}
        besides={null}
        wish={trpc.destinations.test.mutationOptions()}
        refresh={useCallback(() => void queries.invalidateQueries(trpc.destinations.pathFilter()), [queries, trpc])}
        edit={`/destinations/${id}/edit`}
        asking="Asking it…"
      />
    </Section>
  );
}
