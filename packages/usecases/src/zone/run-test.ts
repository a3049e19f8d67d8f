// The connection test of a zone, by the worker, which alone holds the key: read the SOA, transfer the zone, write and take
// back a record, and ask every authoritative server. Every check is reported; a failed one does not hide the later ones.
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { writeOperation } from '@hostmaster/db/operation';
import type { WorkerCtx } from '../context.ts';
import { done, type StepResult, stepFound, type Work } from '../reconcile/step.ts';
import { readServers } from '../request/stored.ts';
import { connectZone } from './connect.ts';

type Check = { readonly check: string; readonly ok: boolean; readonly message: string; readonly remedy: string | null };

/** Four of these, one after the other, fit into one run of an operation (operation/run.ts). */
const checkMilliseconds = 6000;

export async function runZoneTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = operation.zoneId === null ? null : await ctx.db.zone.findUnique({ where: { id: operation.zoneId } });
  if (zone === null) throw new HostmasterError('not-found', 'The zone is gone.');
  const provider = await connectZone(ctx, zone);
  const servers = readServers(zone.servers);
  const checks: Check[] = [];
  const report = async (result: Check): Promise<void> => {
    checks.push(result);
    await stepFound(work, result.check, result.ok ? 'done' : 'failed', result.message);
  };
  const check = async (name: string, look: (signal: AbortSignal) => Promise<string>): Promise<void> => report(await outcomeOf(name, look));

  await check('soa', async (signal) => {
    const soa = (await provider.readName(zone.apex, signal)).find(({ type }) => type === 'SOA');
    if (soa === undefined) throw new HostmasterError('dns-refused', `The server answers, but holds no SOA for ${zone.apex}.`);
    return `It answers for ${zone.apex}, serial ${soa.values[0]?.split(' ')[2] ?? 'unknown'}.`;
  });
  await check('transfer', async (signal) => {
    const { length } = (await provider.readZone(signal)).recordSets;
    return `${length} record ${length === 1 ? 'set' : 'sets'} transferred.`;
  });
  await check('update', (signal) => writeAndTakeBack(provider, zone.apex, operation.id, signal));
  // All at once: sixteen servers that do not answer must not use up the run.
  const asked = servers.map((server) => outcomeOf(`server ${server.name}`, (signal) => askServer(ctx, server, zone.apex, signal)));
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
async function outcomeOf(check: string, look: (signal: AbortSignal) => Promise<string>): Promise<Check> {
  const signal = AbortSignal.timeout(checkMilliseconds);
  try {
    return { check, ok: true, message: await look(signal), remedy: null };
  } catch (thrown) {
    const error = signal.aborted
      ? new HostmasterError('dns-unreachable', `It was not finished after ${checkMilliseconds / 1000} s.`, { cause: thrown })
      : asHostmasterError(thrown);
    return { check, ok: false, message: error.message, remedy: error.kind.remedy };
  }
}

/** A TXT record under a name of its own, created and deleted: the only proof that updates are allowed. */
async function writeAndTakeBack(provider: DnsProvider, apex: string, operationId: string, signal: AbortSignal): Promise<string> {
  const name = `_hostmaster-test-${operationId.slice(-12)}.${apex}`;
  const probe: RecordSet = { name, type: 'TXT', ttl: 60, values: ['"connection test"'] };
  const [left] = await provider.readName(name, signal);
  if (left === undefined) await provider.apply([{ name, type: 'TXT', before: null, after: probe }], signal);
  const [written] = await provider.readName(name, signal);
  if (written === undefined) throw new HostmasterError('dns-not-applied', 'The server said yes to a test record and does not hold it.');
  await provider.apply([{ name, type: 'TXT', before: written, after: null }], signal);
  return 'A test record was written and taken back.';
}

async function askServer(
  ctx: WorkerCtx,
  server: ReturnType<typeof readServers>[number],
  apex: string,
  signal: AbortSignal,
): Promise<string> {
  const [answer] = await ctx.prober.askServers([server], apex, 'SOA', signal);
  if (answer === undefined || answer.error !== null)
    throw new HostmasterError('dns-unreachable', `${server.name}: ${answer?.error ?? 'no answer'}`);
  if (!answer.authoritative || answer.values.length === 0)
    throw new HostmasterError('dns-refused', `${server.name} answers ${answer.rcode}, but is not authoritative for ${apex}.`);
  return `${server.name} is authoritative, serial ${answer.serial ?? 'unknown'}.`;
}
