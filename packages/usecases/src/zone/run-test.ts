// The connection test of a zone, by the worker, which alone holds the key: what the kind of provider checks, and every
// authoritative server. Every check is reported; a failed one does not hide the later ones.
import { ofKind } from '@hostmaster/core/descriptor';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import { asSentence } from '@hostmaster/core/sentence';
import type { Tx } from '@hostmaster/db/client';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { untilSettled } from '../reconcile/settle.ts';
import { done, type StepResult, stepFound, type Work } from '../reconcile/step.ts';
import { askedServers, connectZone, type Kept } from './connect.ts';
import { hurryReading } from './reread.ts';
import { claimedBelow } from './suffixes.ts';

type Check = { readonly check: string; readonly ok: boolean; readonly message: string; readonly remedy: string | null };

/** All checks, one after the other, and the servers after them fit into one run of an operation (operation/run.ts). */
const checksMilliseconds = 21_500;
const serverMilliseconds = 2_500;
/** For how long a test record is looked for: a secondary is told of it at once, and transfers it then. */
const lookMilliseconds = 2_500;

export async function runZoneTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = await testedBy(work);
  const kind = ofKind(ctx.dnsProviders, zone.provider);
  const settings = kind.settings.parse(zone.connection);
  const provider = await connectZone(ctx, zone);
  const servers = await askedServers(ctx, zone);
  const suffixes = await claimedBelow(ctx.db, zone);
  const checks: Check[] = [];
  const report = async (result: Check): Promise<void> => {
    checks.push(result);
    await stepFound(work, result.check, result.ok ? 'done' : 'failed', result.message);
  };
  const milliseconds = Math.floor(checksMilliseconds / kind.checks.length);
  let seen: readonly Seen[] = [];
  const look = async (written: RecordSet, signal: AbortSignal): Promise<void> => {
    seen = await lookForRecord({ ctx, signal }, servers, written);
  };
  const connection = { provider, zone: zone.apex, label: operation.id.slice(-12), suffixes, look };
  for (const { name, remedy, run } of kind.checks)
    await report(
      await outcomeOf(
        name,
        milliseconds,
        (signal) => run(connection, signal),
        (error) => remedy(error.code, { ...connection, settings }),
      ),
    );
  // All at once: sixteen servers that do not answer must not use up the run.
  const asked = servers.map((server, index) =>
    outcomeOf(
      `server ${server.name}`,
      serverMilliseconds,
      (signal) => askServer(ctx, server, zone.apex, seen[index], signal),
      (error) => (error.code === 'dns-not-applied' ? viewRemedy(server) : null),
    ),
  );
  for (const result of await Promise.all(asked)) await report(result);

  const failed = checks.filter(({ ok }) => !ok);
  const message =
    failed.length === 0
      ? `All ${checks.length} checks passed.`
      : `${failed.length} of ${checks.length} checks failed: ${failed[0]?.message ?? ''}`;
  await transact(ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { result: { ok: failed.length === 0, checks } });
    await tx.connectionTrial.deleteMany({ where: { operationId: operation.id } });
    if (failed.length === 0 && operation.zoneId !== null) await readAgain(tx, operation.zoneId, ctx.clock.now());
  });
  return done(message);
}

/** The zone of the operation, or where one might be kept. Errors: not-found. */
async function testedBy({ ctx: { db }, operation: { id, zoneId } }: Work): Promise<Kept> {
  const kept =
    zoneId === null
      ? await db.connectionTrial.findUnique({ where: { operationId: id } })
      : await db.zone.findUnique({ where: { id: zoneId } });
  if (kept === null) throw new HostmasterError('not-found', zoneId === null ? 'What was to be tried is gone.' : 'The zone is gone.');
  return kept;
}

/** What the last reading met is mended: it is no longer said, and the zone is read at once instead of when its turn comes. */
async function readAgain(tx: Tx, zoneId: string, now: Date): Promise<void> {
  await hurryReading(tx, zoneId, 'Its connection was tested and works.', now);
  await tx.zone.update({ where: { id: zoneId }, data: { syncError: null }, select: { id: true } });
}

/** What a server answered for the test record while that stood. */
type Seen = { readonly holds: boolean; readonly said: string };

/** Never throws: what went wrong, or took too long, is what the check found. */
async function outcomeOf(
  check: string,
  milliseconds: number,
  look: (signal: AbortSignal) => Promise<string>,
  remedyOf: (error: HostmasterError) => string | null,
): Promise<Check> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    return { check, ok: true, message: await look(signal), remedy: null };
  } catch (thrown) {
    const error = signal.aborted
      ? new HostmasterError('dns-unreachable', `It was not finished after ${milliseconds / 1000} s.`, { cause: thrown })
      : asHostmasterError(thrown);
    return { check, ok: false, message: error.message, remedy: remedyOf(error) ?? error.kind.remedy };
  }
}

/** What each server answers for a record that the primary holds, once all hold it or a while has passed. */
async function lookForRecord(
  work: Pick<Work, 'ctx' | 'signal'>,
  servers: readonly AskedServer[],
  { name, type, values }: RecordSet,
): Promise<readonly Seen[]> {
  const look = async () =>
    (await work.ctx.prober.askServers(servers, name, type, work.signal)).map((answer) => ({
      holds: answer.authoritative && answer.values.join() === values.join(),
      said: answer.error ?? answer.rcode ?? 'no answer',
    }));
  return untilSettled(work, look, (all) => all.every((one) => one.holds), lookMilliseconds);
}

/** `record`: undefined where none was written. */
async function askServer(
  ctx: WorkerCtx,
  server: AskedServer,
  apex: string,
  record: Seen | undefined,
  signal: AbortSignal,
): Promise<string> {
  const [answer] = await ctx.prober.askServers([server], apex, 'SOA', signal);
  if (answer === undefined || answer.error !== null)
    throw new HostmasterError('dns-unreachable', asSentence(`${server.name} does not answer: ${answer?.error ?? 'no answer'}`));
  if (!answer.authoritative || answer.values.length === 0)
    throw new HostmasterError('dns-not-served', `${server.name} answers ${answer.rcode}, but is not authoritative for ${apex}.`);
  const serial = `serial ${answer.serial ?? 'unknown'}`;
  if (record === undefined) return `${server.name} is authoritative, ${serial}.`;
  if (!record.holds)
    throw new HostmasterError(
      'dns-not-applied',
      asSentence(
        `${server.name} is authoritative for ${apex}, ${serial}, but did not answer with the test record that the primary held: ${record.said}`,
      ),
    );
  return `${server.name} is authoritative, ${serial}, and answered with the test record.`;
}

const viewRemedy = ({ tsig }: AskedServer): string => {
  const late = `Otherwise see that it is told of changes (NOTIFY) and transfers them within ${lookMilliseconds / 1000} s.`;
  return tsig === null
    ? `It answers from another view or another copy of the zone. Where the view is chosen by the key, set the questions of the connection to "signed". ${late}`
    : `It answers the key "${tsig.key.name}" from another view or another copy of the zone: give the connection the key by which the server chooses this view. ${late}`;
};
