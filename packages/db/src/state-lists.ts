// The groups of states that queries ask for, once for the client and once as SQL. The SQL is written out rather than bound,
// so that Postgres sees that a partial index applies.

import { endpointStates, isLeaving, underWayStates, watchedStates } from '@hostmaster/core/endpoint/state';
import { unfinishedStates } from '@hostmaster/core/operation/state';
import { certificateStates, isInUse, unrevokedStates } from '@hostmaster/core/pki/certificate-state';
import { orderStates } from '@hostmaster/core/pki/order-state';
import { countingRequestStates, openRequestStates } from '@hostmaster/core/request/state';
import { type CertificateState, type EndpointState, type OperationState, Prisma } from './generated/prisma/client.ts';

const written = (states: readonly string[]): Prisma.Sql => Prisma.raw(`(${states.map((state) => `'${state}'`).join(', ')})`);

/** Certificates that are or may be on the wire. */
export const inUse: CertificateState[] = certificateStates.filter(isInUse);
export const inUseSql = written(inUse);

/** Certificates that are valid until they expire. */
export const unrevoked: CertificateState[] = [...unrevokedStates];
export const unrevokedSql = written(unrevoked);

/** Orders that are a certificate, or may become one. */
export const standingOrdersSql = written(orderStates.filter((state) => state === 'open' || state === 'issued'));

/** Orders that came to nothing. */
export const vainOrdersSql = written(orderStates.filter((state) => state === 'refused' || state === 'abandoned'));

/** Orders that nobody is asked about any more. */
export const closedOrders: string[] = orderStates.filter((state) => state !== 'open');

/** Endpoints that are there, or are to be, or are still to go. */
export const unretired: EndpointState[] = endpointStates.filter((state) => state !== 'retired');
export const unretiredSql = written(unretired);

/** Endpoints whose end nobody asked for. */
export const staying: EndpointState[] = endpointStates.filter((state) => !isLeaving(state));
export const stayingSql = written(staying);

export const underWaySql = written(underWayStates);
export const watchedSql = written(watchedStates);
/** Endpoints that are neither as they should be nor gone. */
export const unsettledSql = written(['degraded', ...underWayStates]);

/** Operations on which work is still to be done. */
export const unfinished: OperationState[] = [...unfinishedStates];
export const unfinishedSql = written(unfinished);

/** Operations that a worker has been at. */
export const begunSql = written(unfinishedStates.filter((state) => state !== 'pending'));

/** Requests that are not over. */
export const open: string[] = [...openRequestStates];
export const openSql = written(open);
/** Requests whose wish counts: those, and what was applied. */
export const countingSql = written(countingRequestStates);
