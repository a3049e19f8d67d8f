// The connection test of a destination, by the worker, which alone holds what lets it in.
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';
import { createChecklist } from '../connection/checklist.ts';
import { triedBy } from '../connection/try.ts';
import type { StoredDestination } from '../context.ts';
import type { StepResult, Work } from '../reconcile/step.ts';
import { readStored } from '../stored-json.ts';
import { destinationOf } from './last-test.ts';

/** All checks fit into one run of an operation (operation/run.ts). */
const checksMilliseconds = 22_000;
const anySettings = z.record(z.string(), z.unknown());

/** Errors: not-found (what was to be tested is gone), unsupported (nobody knows its kind). */
export async function runDestinationTest(work: Work): Promise<StepResult> {
  const { ctx } = work;
  const { destination, version } = await testedBy(work);
  const kind = ofKind(ctx.destinationKinds, destination.kind);
  const settings = anySettings.parse(readStored(kind.settings, destination.settings, 'destination.settings'));
  const checklist = createChecklist(work);
  try {
    const tested = await ctx.destinationTest(destination);
    await checklist.make({ checks: kind.checks, tested, about: { settings }, milliseconds: checksMilliseconds, late: 'delivery-failed' });
  } catch (error) {
    // A secret that the worker cannot open is a finding like any other: nobody waits for it to pass.
    if (!(error instanceof HostmasterError) || error.code !== 'key-unreadable') throw error;
    const remedy = `Give it anew under “Edit”, or where several cannot be opened: ${error.remedy}`;
    await checklist.report({ check: 'secret', ok: false, message: error.message, remedy });
  }
  return checklist.end(version === null ? {} : { version });
}

/** The destination of the operation, or the one that might be kept. Errors: not-found. */
async function testedBy({
  ctx: { db },
  operation: { id, subject },
}: Work): Promise<{ destination: StoredDestination; version: number | null }> {
  const destinationId = destinationOf(subject);
  if (destinationId === null) {
    const { about: _, createdAt: __, operationId: ___, ...trial } = await triedBy(db, id);
    // It has no name yet.
    return { destination: { ...trial, slug: 'The destination' }, version: null };
  }
  const destination = await db.destination.findUnique({ where: { id: destinationId } });
  if (destination === null) throw new HostmasterError('not-found', 'The destination is gone.');
  return { destination, version: destination.version };
}
