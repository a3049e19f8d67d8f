// The groups of states that queries ask for, once for the client and once as SQL. The SQL is written out rather than bound,
// so that Postgres sees that a partial index applies.
import { unfinishedStates } from '@hostmaster/core/operation/state';
import { certificateStates, isInUse } from '@hostmaster/core/pki/certificate-state';
import { openRequestStates } from '@hostmaster/core/request/state';
import { type CertificateState, type OperationState, Prisma } from './generated/prisma/client.ts';

const written = (states: readonly string[]): Prisma.Sql => Prisma.raw(`(${states.map((state) => `'${state}'`).join(', ')})`);

/** Certificates that are or may be on the wire. */
export const inUse: CertificateState[] = certificateStates.filter(isInUse);
export const inUseSql = written(inUse);

/** Operations on which work is still to be done. */
export const unfinished: OperationState[] = [...unfinishedStates];
export const unfinishedSql = written(unfinished);

/** Requests that are not over. */
export const open: string[] = [...openRequestStates];
export const openSql = written(open);
