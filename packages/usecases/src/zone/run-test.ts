// The connection test of a zone, by the worker, which alone holds the key: read the SOA, transfer the zone, write and take
// back a record, and ask every authoritative server. Every check is reported; a failed one does not hide the later ones.
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { writeOperation } from '@hostmaster/db/operation';
import { commitStep, type StepResult, skipped, type Work } from '../reconcile/step.ts';
import { readServers } from '../request/stored.ts';
import { connectZone } from './connect.ts';

type Check = { readonly check: string; readonly ok: boolean; readonly message: string; readonly remedy: string | null };

export async function runZoneTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = operation.zoneId === null ? null : await ctx.db.zone.findUnique({ where: { id: operation.zoneId } });
  if (zone === null) throw new HostmasterError('not-found', 'The zone is gone.');
  const provider = await connectZone(ctx, zone);
  const servers = readServers(zone.servers);
  const checks: Check[] = [];
  const check = async (name: string, look: () => Promise<string>): Promise<void> => {
    let result: Check;
    try {
      result = { check: name, ok: true, message: await look(), remedy: null };
    } catch (thrown) {
      const error = asHostmasterError(thrown);
      result = { check: name, ok: false, message: error.message, remedy: error.kind.remedy };
    }
    checks.push(result);
    await commitStep(work, name, result.ok ? 'done' : 'failed', result.message);
  };

  await check('soa', async () => {
    const soa = (await provider.readName(zone.apex, work.signal)).find(({ type }) => type === 'SOA');
    if (soa === undefined) throw new HostmasterError('dns-refused', `The server answers, but holds no SOA for ${zone.apex}.`);
    return `It answers for ${zone.apex}, serial ${soa.values[0]?.split(' ')[2] ?? 'unknown'}.`;
  });
  await check('transfer', async () => {
    const { length } = (await provider.readZone(work.signal)).recordSets;
    return `${length} record ${length === 1 ? 'set' : 'sets'} transferred.`;
  });
  await check('update', () => writeAndTakeBack(provider, zone.apex, operation.id, work.signal));
  for (const server of servers) await check(`server ${server.name}`, () => askServer(work, server, zone.apex));

  const failed = checks.filter(({ ok }) => !ok);
  const message =
    failed.length === 0
      ? `All ${checks.length} checks passed.`
      : `${failed.length} of ${checks.length} checks failed: ${failed[0]?.message ?? ''}`;
  await writeOperation(ctx.db, work.claim, { result: { ok: failed.length === 0, checks } });
  return skipped(message);
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

async function askServer(work: Work, server: ReturnType<typeof readServers>[number], apex: string): Promise<string> {
  const [answer] = await work.ctx.prober.askServers([server], apex, 'SOA', work.signal);
  if (answer === undefined || answer.error !== null)
    throw new HostmasterError('dns-unreachable', `${server.name}: ${answer?.error ?? 'no answer'}`);
  if (!answer.authoritative || answer.values.length === 0)
    throw new HostmasterError('dns-refused', `${server.name} answers ${answer.rcode}, but is not authoritative for ${apex}.`);
  return `${server.name} is authoritative, serial ${answer.serial ?? 'unknown'}.`;
}
