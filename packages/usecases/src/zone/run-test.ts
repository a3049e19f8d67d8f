// The connection test of a zone, by the worker, which alone holds the key: what the kind of provider checks, and every
// authoritative server. Every check is reported; a failed one does not hide the later ones.
import { ofKind } from '@hostmaster/core/descriptor';
import type { ConnectionCheck } from '@hostmaster/core/dns/connection-check';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { asSentence } from '@hostmaster/core/sentence';
import { writeOperation } from '@hostmaster/db/operation';
import type { WorkerCtx } from '../context.ts';
import { done, type StepResult, stepFound, type Work } from '../reconcile/step.ts';
import { readServers } from '../request/stored.ts';
import { connectZone } from './connect.ts';

type Check = { readonly check: string; readonly ok: boolean; readonly message: string; readonly remedy: string | null };

/** All checks, one after the other, and the servers after them fit into one run of an operation (operation/run.ts). */
const testMilliseconds = 24_000;

export async function runZoneTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = operation.zoneId === null ? null : await ctx.db.zone.findUnique({ where: { id: operation.zoneId } });
  if (zone === null) throw new HostmasterError('not-found', 'The zone is gone.');
  const kind = ofKind(ctx.dnsProviders, zone.provider);
  const provider = await connectZone(ctx, zone);
  const servers = readServers(zone.servers);
  const checks: Check[] = [];
  const report = async (result: Check): Promise<void> => {
    checks.push(result);
    await stepFound(work, result.check, result.ok ? 'done' : 'failed', result.message);
  };
  const milliseconds = Math.floor(testMilliseconds / (kind.checks.length + 1));
  const connection = { provider, zone: zone.apex, label: operation.id.slice(-12) };
  for (const { name, remedies, run } of kind.checks)
    await report(await outcomeOf(name, remedies, milliseconds, (signal) => run(connection, signal)));
  // All at once: sixteen servers that do not answer must not use up the run.
  const asked = servers.map((server) =>
    outcomeOf(`server ${server.name}`, {}, milliseconds, (signal) => askServer(ctx, server, zone.apex, signal)),
  );
  for (const result of await Promise.all(asked)) await report(result);

  const failed = checks.filter(({ ok }) => !ok);
  const message =
    failed.length === 0
      ? `All ${checks.length} checks passed.`
      : `${failed.length} of ${checks.length} checks failed: ${failed[0]?.message ?? ''}`;
  await writeOperation(ctx.db, work.claim, { result: { ok: failed.length === 0, checks } });
  return done(message);
}

/** Never throws: what went wrong, or took too long, is what the check found. */
async function outcomeOf(
  check: string,
  remedies: ConnectionCheck['remedies'],
  milliseconds: number,
  look: (signal: AbortSignal) => Promise<string>,
): Promise<Check> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    return { check, ok: true, message: await look(signal), remedy: null };
  } catch (thrown) {
    const error = signal.aborted
      ? new HostmasterError('dns-unreachable', `It was not finished after ${milliseconds / 1000} s.`, { cause: thrown })
      : asHostmasterError(thrown);
    return { check, ok: false, message: error.message, remedy: remedies[error.code] ?? error.kind.remedy };
  }
}

async function askServer(
  ctx: WorkerCtx,
  server: ReturnType<typeof readServers>[number],
  apex: string,
  signal: AbortSignal,
): Promise<string> {
  const [answer] = await ctx.prober.askServers([server], apex, 'SOA', signal);
  if (answer === undefined || answer.error !== null)
    throw new HostmasterError('dns-unreachable', asSentence(`${server.name} does not answer: ${answer?.error ?? 'no answer'}`));
  if (!answer.authoritative || answer.values.length === 0)
    throw new HostmasterError('dns-refused', `${server.name} answers ${answer.rcode}, but is not authoritative for ${apex}.`);
  return `${server.name} is authoritative, serial ${answer.serial ?? 'unknown'}.`;
}
