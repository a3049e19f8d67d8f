// What somebody does may be what other work waits for: it is tried at once, and not at its next try. A worker that is woken takes up all
// that is due, so one nudge wakes all of it.
import type { EndpointStep } from '@hostmaster/core/operation/purpose';
import type { Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { literal } from './like.ts';
import { nudge } from './outbox.ts';
import { begunSql } from './state-lists.ts';

/** The name that work is on, as its subject says (`endpoint:<view>:<hostname>`). */
const name = Prisma.sql`split_part(subject, ':', 3)`;
/** At one of the domains, or below. */
const within = (suffixes: readonly string[]): Prisma.Sql =>
  Prisma.sql`${name} = ANY (${[...suffixes]}::text[]) OR ${name} LIKE ANY (${suffixes.map((suffix) => `%.${literal(suffix)}`)}::text[])`;

async function hurry(tx: Tx, which: Prisma.Sql): Promise<number> {
  const hurried = await tx.$queryRaw<{ id: string }[]>`
    UPDATE operation SET next_attempt_at = NULL, hurried = true
     WHERE kind = 'endpoint' AND state IN ${begunSql} AND (next_attempt_at IS NOT NULL OR state = 'running') AND (${which}) RETURNING id::text`;
  const [first] = hurried;
  if (first !== undefined) await nudge(tx, 'operation.run', { operationId: first.id });
  return hurried.length;
}

/** Work that waits on names of a domain. By a platform admin alone, in the portal: row-level security lets nobody else. @returns how much */
export const hurryNamesIn = (tx: Tx, domain: string): Promise<number> => hurry(tx, within([domain]));

const issuing = 'certificate-issued' satisfies EndpointStep;

/** Work that waits for its certificate, on names of these domains; with none, on any name. By whom, as above. @returns how much */
export const hurryIssuance = (tx: Tx, suffixes: readonly string[]): Promise<number> =>
  hurry(tx, suffixes.length === 0 ? Prisma.sql`step = ${issuing}` : Prisma.sql`step = ${issuing} AND (${within(suffixes)})`);
