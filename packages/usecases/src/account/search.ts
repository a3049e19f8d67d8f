// The command box: jump to a hostname, a serial, an address, a request's number, a zone, a team.
import type { searchQuery, searchResult } from '@hostmaster/core/contract/account';
import { endpointStateWords } from '@hostmaster/core/endpoint/state';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { requestKindWords } from '@hostmaster/core/request/kind';
import { literal } from '@hostmaster/db/like';
import { findEndpoints } from '@hostmaster/db/search';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { asAddress, asStored } from '../typed-name.ts';

type Hit = z.output<typeof searchResult>['hits'][number];
const most = 6;
const maxRequestNumber = 2 ** 31 - 1;

/** At most six hits of each kind, in six queries. A token finds only what its scopes let it read. */
export async function search(ctx: Ctx, { text }: z.output<typeof searchQuery>): Promise<z.output<typeof searchResult>> {
  authorize(ctx.actor, 'me.read');
  const name = asStored(text).toLowerCase();
  const hits = await Promise.all([
    may(ctx.actor, 'endpoint.read') ? endpoints(ctx, name, text) : [],
    may(ctx.actor, 'request.read') ? requests(ctx, name, text) : [],
    may(ctx.actor, 'certificate.read') ? certificates(ctx, text) : [],
    may(ctx.actor, 'zone.read') ? zones(ctx, name) : [],
    may(ctx.actor, 'team.read') ? teams(ctx, text) : [],
  ]);
  return { hits: hits.flat() };
}

async function endpoints(ctx: Ctx, name: string, text: string): Promise<Hit[]> {
  const rows = await findEndpoints(ctx.db, name, asAddress(text), most);
  return rows.map(({ id, hostname, view, team, state, needsAttention }) => ({
    kind: 'endpoint',
    id,
    title: hostname,
    text: `${team}, ${view}, ${endpointStateWords[needsAttention ? 'degraded' : state]}`,
  }));
}

async function requests(ctx: Ctx, name: string, text: string): Promise<Hit[]> {
  const digits = /^#?([0-9]{1,10})$/.exec(text)?.[1];
  const number = digits !== undefined && Number(digits) <= maxRequestNumber ? Number(digits) : null;
  const rows = await ctx.db.request.findMany({
    where: { OR: [{ hostname: { contains: literal(name) } }, ...(number === null ? [] : [{ number }])] },
    select: { id: true, number: true, kind: true, hostname: true, askerName: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: most,
  });
  return rows.map((row) => ({
    kind: 'request',
    id: row.id,
    title: `#${row.number} ${row.hostname}`,
    text: `${requestKindWords[row.kind]}, asked for by ${row.askerName}`,
  }));
}

/** By the beginning of a serial, four digits or more, as people copy it. */
async function certificates(ctx: Ctx, text: string): Promise<Hit[]> {
  const serial = text.replaceAll(':', '').toUpperCase();
  if (!/^[0-9A-F]{4,40}$/.test(serial)) return [];
  const rows = await ctx.db.certificate.findMany({
    where: { serial: { startsWith: literal(serial) } },
    select: { serial: true, names: true, state: true },
    orderBy: { serial: 'asc' },
    take: most,
  });
  return rows.map((row) => ({
    kind: 'certificate',
    id: row.serial,
    title: row.serial,
    text: `${row.names[0] ?? ''}, ${row.state}`,
  }));
}

async function zones(ctx: Ctx, name: string): Promise<Hit[]> {
  const rows = await ctx.db.zone.findMany({
    where: { apex: { contains: literal(name) } },
    select: { id: true, apex: true, view: true, ownerTeam: { select: { slug: true } } },
    orderBy: [{ apex: 'asc' }, { view: 'asc' }],
    take: most,
  });
  return rows.map(({ id, apex, view, ownerTeam }) => ({
    kind: 'zone',
    id,
    title: apex,
    text: `${view}, ${ownerTeam.slug}`,
  }));
}

async function teams(ctx: Ctx, text: string): Promise<Hit[]> {
  const contains = literal(text);
  const rows = await ctx.db.team.findMany({
    where: { OR: [{ slug: { contains: contains.toLowerCase() } }, { name: { contains, mode: 'insensitive' } }] },
    select: { slug: true, name: true },
    orderBy: { slug: 'asc' },
    take: most,
  });
  return rows.map(({ slug, name }) => ({ kind: 'team', id: slug, title: name, text: slug }));
}
