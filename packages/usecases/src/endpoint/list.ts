// The list of endpoints, sorted one of three ways, in either order. Each page costs at most five queries, whatever its size;
// of those with one cause, what finds these, too.
import { type endpointPage, endpointSortOrders, type endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import type { SortOrder } from '@hostmaster/core/contract/page';
import type { EndpointFacts } from '@hostmaster/core/endpoint/facts';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import {
  type EndpointFilter,
  type EndpointRead,
  endpointFigures,
  endpointsByChange,
  endpointsByExpiry,
  endpointsByHostname,
  endpointsWithoutCertificate,
} from '@hostmaster/db/endpoint';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { timestampOrNull } from '../timestamp.ts';
import { asAddress, asStored } from '../typed-name.ts';
import { lastLook, later, loadFacts, presentEndpointRow } from './present.ts';
import { sameCauseAs } from './troubled.ts';

type Query = z.output<typeof endpointsQuery>;
type Asked = { readonly order: SortOrder; readonly cursor?: string | undefined; readonly limit: number };
type Page = { readonly page: readonly EndpointRead[]; readonly nextCursor: string | null };

/** Endpoints, those that are retired only when asked for. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listEndpoints(ctx: Ctx, query: Query): Promise<z.output<typeof endpointPage>> {
  authorize(ctx.actor, 'endpoint.read');
  const filter = { ...filterOf(ctx, query), ...(query.like ? { ids: await sameCauseAs(ctx, query.like) } : {}) };
  const [{ page, nextCursor }, figures] = await Promise.all([
    readers[query.sort](ctx.db, filter, { ...query, order: query.order ?? endpointSortOrders[query.sort] }),
    endpointFigures(ctx.db, filter, countedAtMost + 1, ctx.clock.now()),
  ]);
  const facts = page.length === 0 ? [] : await loadFacts(ctx.db, page, ctx.clock.now());
  return {
    rows: page.flatMap((row, index) => {
      const known = facts[index];
      return known === undefined ? [] : [presentEndpointRow(row, known)];
    }),
    nextCursor,
    total: totalOf(figures.counted),
    attention: figures.attention,
    underWay: figures.underWay,
    unseen: figures.unseen,
    checkedAt: timestampOrNull(newestOf(figures.checkedAt, facts)),
  };
}

/** Work looks, too, and is seen in the answers alone: a time that is older than an answer on the same page would be wrong. */
const newestOf = (checkedAt: Date | null, facts: readonly EndpointFacts[]): Date | null =>
  facts.reduce((newest, each) => later(newest, lastLook(each)), checkedAt);

function filterOf(ctx: Ctx, { search, team, environment, view, zone, state, attention, mine }: Query): EndpointFilter {
  return {
    ...(search ? { search: asStored(search.trim()), address: asAddress(search.trim()) } : {}),
    ...(team ? { team } : {}),
    ...(environment ? { environment } : {}),
    ...(view ? { view } : {}),
    ...(zone ? { zone: asStored(zone) } : {}),
    ...(state ? { state } : {}),
    ...(attention === true ? { attention } : {}),
    ...(mine === true ? { teamIds: ctx.actor.teams.map(({ id }) => id) } : {}),
  };
}

const readers: { readonly [S in Query['sort']]: (db: Db, filter: EndpointFilter, page: Asked) => Promise<Page> } = {
  async hostname(db, filter, { order, cursor, limit }) {
    const place = `endpoints-hostname-${order}`;
    const after = decodeCursor(place, byName, cursor);
    const read = await endpointsByHostname(db, filter, { after: afterName(after), order, limit: limit + 1 });
    return pageOf(read, limit, (last) => encodeCursor(place, [last.hostname, last.id]));
  },
  async changed(db, filter, { order, cursor, limit }) {
    const place = `endpoints-changed-${order}`;
    const after = decodeCursor(place, [positions.time, positions.id], cursor);
    const position = after === null ? null : { changedAt: new Date(after[0]), id: after[1] };
    const read = await endpointsByChange(db, filter, { after: position, order, limit: limit + 1 });
    return pageOf(read, limit, (last) => encodeCursor(place, [last.changedAt.toISOString(), last.id]));
  },
  expiry: byExpiry,
};

const byName = [positions.text, positions.id] as const;
const afterName = (after: readonly [string, string] | null) => (after === null ? null : { hostname: after[0], id: after[1] });

/**
 * Those with a certificate first, by its end; then those without, by name, whichever way the others run. A page may hold
 * the end of the one and the beginning of the other.
 */
async function byExpiry(db: Db, filter: EndpointFilter, { order, cursor, limit }: Asked): Promise<Page> {
  const [withCertificate, without] = [`endpoints-expiry-${order}`, `endpoints-expiry-${order}-none`];
  const cursorOfNone = (last: EndpointRead) => encodeCursor(without, [last.hostname, last.id]);
  if (inOrder(without, cursor)) {
    const after = afterName(decodeCursor(without, byName, cursor));
    return pageOf(await endpointsWithoutCertificate(db, filter, { after, order: 'asc', limit: limit + 1 }), limit, cursorOfNone);
  }
  const after = decodeCursor(withCertificate, [positions.time, positions.id], cursor);
  const position = after === null ? null : { notAfter: new Date(after[0]), certificateId: after[1] };
  const first = await endpointsByExpiry(db, filter, { after: position, order, limit: limit + 1 });
  const cursorOf = (last: (typeof first)[number]) => encodeCursor(withCertificate, [last.notAfter.toISOString(), last.certificateId]);
  if (first.length > limit) return pageOf(first, limit, cursorOf);
  const rest = await endpointsWithoutCertificate(db, filter, { after: null, order: 'asc', limit: limit - first.length + 1 });
  const page = [...first, ...rest].slice(0, limit);
  const lastOfRest = rest[limit - first.length - 1];
  const lastOfFirst = first.at(-1);
  if (first.length + rest.length <= limit) return { page, nextCursor: null };
  if (lastOfRest !== undefined) return { page, nextCursor: cursorOfNone(lastOfRest) };
  return { page, nextCursor: lastOfFirst === undefined ? null : cursorOf(lastOfFirst) };
}

/** Whether the cursor claims an order; only a hint for which decoder to ask. */
const inOrder = (order: string, cursor: string | undefined): boolean =>
  cursor !== undefined &&
  Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .startsWith(JSON.stringify([order]).slice(0, -1));
