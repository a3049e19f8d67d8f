'use client';
import type { DiscoveredDetail } from '@hostmaster/core/contract/discovery';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { TextLink } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { Chain } from '@/features/certificate/chain';
import { NameTitle } from '@/features/name/hostname';
import { keyWords } from '@/lib/format/text';
import { date } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { MarkKnown, WithdrawKnown } from './mark-known';
import { Sightings } from './sightings';
import { WhatToDo } from './what-to-do';
import { nameOf, ownerGround, verdictMarks, verdictWords } from './words';

export function DiscoveredView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data: found } = useSuspenseQuery({ ...trpc.discovery.get.queryOptions({ id }), refetchInterval: 15_000 });
  const { verdict, known, permissions, unreadable } = found;
  return (
    <>
      <PageHeader
        crumb={{ href: '/discovered', label: 'Discovered' }}
        title={<NameTitle name={nameOf(found)} />}
        sub={
          <Status state={verdictMarks[verdict]} className="font-[560]">
            {verdictWords[verdict]}
          </Status>
        }
        actions={permissions.markKnown && (known === null ? <MarkKnown found={found} /> : <WithdrawKnown found={found} />)}
      />
      {unreadable !== null && (
        <Callout state="wait" title="This certificate cannot be read." className="mb-4">
          {unreadable} It is kept as it was presented.
        </Callout>
      )}
      {found.served === 0 && found.logs > 0 && (
        <Callout
          state="none"
          title="It was seen in a log of Certificate Transparency, and not served where Hostmaster looks."
          className="mb-4"
        >
          {found.precertificate
            ? 'A CA was about to sign it, and says so by logging it. What it signed was not found yet.'
            : 'A CA that browsers trust may have signed it for whoever has its key.'}
        </Callout>
      )}
      <WhatToDo found={found} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]">
        <Section title="Certificate">
          <Said found={found} />
        </Section>
        <div className="grid min-w-0 gap-4">
          <Section title="Where it was seen" note="the last first">
            <Sightings found={found} />
          </Section>
          {found.chain.length > 0 && (
            <Section title="Chain" note={found.precertificate ? 'as it was submitted to the log' : 'as it was presented'}>
              <Chain chain={found.chain} detailed />
            </Section>
          )}
          <Section title="PEM" note="leaf first; no private key is in it">
            <Code text={found.chainPem} label="the chain in PEM" />
          </Section>
        </div>
      </div>
    </>
  );
}

function Said({ found }: { found: DiscoveredDetail }) {
  const { owner, ours, names, namesTotal, notBefore, notAfter } = found;
  return (
    <Facts>
      <Fact name="Likely owner">
        {owner === null ? (
          <span className="text-ink-3">nobody known</span>
        ) : (
          <>
            <TextLink href={`/teams/${owner.team}`}>{owner.team}</TextLink> <span className="text-ink-3">because {ownerGround(owner)}</span>
          </>
        )}
      </Fact>
      {ours !== null && (
        <Fact name="In Hostmaster">
          <TextLink href={`/certificates/${ours.serial}`}>Its page</TextLink> <span className="text-ink-3">{ours.state}</span>
        </Fact>
      )}
      {notBefore !== null && notAfter !== null && (
        <Fact name="Valid">
          {date(notBefore)} to {date(notAfter)}; ends <Time at={notAfter} />
        </Fact>
      )}
      <Fact name="Subject">
        <span className="data text-xs [overflow-wrap:anywhere]">{found.subject || '(empty)'}</span>
      </Fact>
      <Fact name="Signed by">
        <span className="data text-xs [overflow-wrap:anywhere]">{found.issuer || '(empty)'}</span>
      </Fact>
      <Fact name="Names">
        {names.length === 0 && <span className="text-ink-3">none</span>}
        {names.map((each) => (
          <span key={each} className="name block text-xs [overflow-wrap:anywhere]">
            {each}
          </span>
        ))}
        {namesTotal > names.length && <span className="text-ink-3 text-xs">and {namesTotal - names.length} more</span>}
      </Fact>
      {found.keyAlgorithm !== null && <Fact name="Key">{keyWords(found.keyAlgorithm)}</Fact>}
      {found.serial !== null && (
        <Fact name="Serial" mono>
          <span className="break-all text-xs">{found.serial}</span>
        </Fact>
      )}
      <Fact name="First seen">
        <Time at={found.firstSeenAt} />
      </Fact>
      <Fact name="Last seen">
        <Time at={found.lastSeenAt} />
      </Fact>
      <Fact name="SHA-256" mono>
        <span className="break-all text-xs">{found.fingerprint}</span>
      </Fact>
    </Facts>
  );
}
