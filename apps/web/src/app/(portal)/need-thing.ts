import 'server-only';
import { certificateQuery } from '@hostmaster/core/contract/certificate';
import type { FetchQueryOptions } from '@tanstack/react-query';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { needId, needSlug, needText } from '@/lib/path-parameter';
import { addressHeader } from '@/server/own-address';
import { getServerQueryClient, trpc } from '@/server/rsc';
import { ownErrorOf } from './own-error-of';

/** How the thing of an address is read, by the folder of its page. */
const things: Readonly<Record<string, (given: string) => object>> = {
  campaigns: (given) => trpc.campaigns.get.queryOptions({ id: needId(given) }),
  certificates: (given) => {
    const query = certificateQuery.safeParse({ serial: needText(given) });
    return query.success ? trpc.certificates.get.queryOptions(query.data) : notFound();
  },
  destinations: (given) => trpc.destinations.get.queryOptions({ id: needId(given) }),
  discovered: (given) => trpc.discovery.get.queryOptions({ id: needId(given) }),
  endpoints: (given) => trpc.endpoints.get.queryOptions({ id: needId(given) }),
  issuers: (given) => trpc.issuers.get.queryOptions({ id: needId(given) }),
  people: (given) => trpc.people.get.queryOptions({ id: needId(given) }),
  requests: (given) => trpc.requests.get.queryOptions({ id: needId(given) }),
  teams: (given) => trpc.teams.get.queryOptions({ slug: needSlug(given) }),
  zones: (given) => trpc.zones.get.queryOptions({ id: needId(given) }),
};

/** The thing that the form of a request is filled from, as an address of it. */
function formOf(search: URLSearchParams): string[] {
  const endpoint = search.get('change') ?? search.get('restore');
  const request = search.get('again');
  return endpoint !== null ? ['', 'endpoints', endpoint] : request !== null ? ['', 'requests', request] : [];
}

/**
 * Where the address is that of a page of one thing and there is no such thing, the answer is a 404. Asked before anything is
 * sent: what a page finds out once its skeleton is on the way changes no status. The page reads it from the same client.
 */
export async function needThing(): Promise<void> {
  const { pathname, searchParams } = new URL((await headers()).get(addressHeader) ?? '/', 'http://portal');
  const [, kind = '', given = 'new'] = pathname === '/requests/new' ? formOf(searchParams) : pathname.split('/');
  const read = Object.hasOwn(things, kind) ? things[kind] : undefined;
  if (read === undefined || given === 'new' || given === '') return;
  const query = read(given) as FetchQueryOptions;
  try {
    await getServerQueryClient().fetchQuery(query);
  } catch (error) {
    if (ownErrorOf(error).code === 'not-found') notFound();
  }
}
