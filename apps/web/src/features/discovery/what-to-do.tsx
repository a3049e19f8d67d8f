'use client';
import type { DiscoveredDetail } from '@hostmaster/core/contract/discovery';
import type { Route } from 'next';
import { Callout } from '@/components/ui/callout';
import { TextLink } from '@/components/ui/link';
import { date } from '@/lib/format/time';

/** What the verdict means, and the ways out of it. */
export function WhatToDo({ found: { verdict, known, endpoint, askFor, ours } }: { found: DiscoveredDetail }) {
  if (verdict === 'known' && known !== null)
    return (
      <Callout state="none" title={`${known.by} said that it is in order, until ${date(known.until)}.`} className="mb-4">
        <span className="[overflow-wrap:anywhere]">{known.reason}</span>
      </Callout>
    );
  if (verdict === 'ours')
    return (
      <Callout state="ok" title="Hostmaster issued or imported it." className="mb-4">
        {ours !== null && ours.state !== 'issued' && ours.state !== 'served'
          ? `It is ${ours.state} there: whatever serves it still was not given the next one.`
          : 'Nothing is to be done.'}
      </Callout>
    );
  return (
    <Callout state="bad" title="Hostmaster did not issue it, and nobody said that it is in order." className="mb-4">
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {askFor !== null && (
          <li>
            <TextLink href={`/requests/new?hostname=${encodeURIComponent(askFor)}` as Route}>Ask for {askFor} here</TextLink>: Hostmaster
            issues the next certificate, or has this one imported where “Imported” is chosen.
          </li>
        )}
        {endpoint !== null && (
          <li>
            <TextLink href={`/endpoints/${endpoint.id}`}>Import it for {endpoint.hostname}</TextLink>, or have that endpoint serve the
            certificate that it has here.
          </li>
        )}
        <li>Where it is in order, a security reviewer or a platform admin marks it as known. Otherwise have it taken from the server.</li>
      </ul>
    </Callout>
  );
}
