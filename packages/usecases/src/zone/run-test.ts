// The connection test of a zone, by the worker, which alone holds the key: what the kind of provider checks, and every
// authoritative server. Every check is reported; a failed one does not hide the later ones.
import { ofKind } from '@hostmaster/core/descriptor';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { views } from '@hostmaster/core/dns/view';
import { HostmasterError } from '@hostmaster/core/errors';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import { asSentence } from '@hostmaster/core/sentence';
import type { Tx } from '@hostmaster/db/client';
import { z } from 'zod';
import { createChecklist, findingOf } from '../connection/checklist.ts';
import { triedBy } from '../connection/try.ts';
import type { WorkerCtx } from '../context.ts';
import { untilSettled } from '../reconcile/settle.ts';
import type { StepResult, Work } from '../reconcile/step.ts';
import { readStored } from '../stored-json.ts';
import { askedServers, connectZone, type Kept } from './connect.ts';
import { hurryReading } from './reread.ts';
import { claimedBelow } from './suffixes.ts';

/** All checks, one after the other, and the servers after them fit into one run of an operation (operation/run.ts). */
const checksMilliseconds = 21_500;
const serverMilliseconds = 2_500;
const late = 'dns-unreachable';
/** For how long a test record is looked for: a secondary is told of it at once, and transfers it then. */
const lookMilliseconds = 2_500;

/** What is stored of a trial beside where the zone is. */
const about = z.object({ apex: z.string(), view: z.enum(views), servers: z.json() });

export async function runZoneTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = await testedBy(work);
  const kind = ofKind(ctx.dnsProviders, zone.provider);
  const settings = kind.settings.parse(zone.connection);
  const provider = await connectZone(ctx, zone);
  const servers = await askedServers(ctx, zone);
  const suffixes = await claimedBelow(ctx.db, zone);
  const checklist = createChecklist(work);
  let seen: readonly Seen[] = [];
  const look = async (written: RecordSet, signal: AbortSignal): Promise<void> => {
    seen = await lookForRecord({ ctx, signal }, servers, written);
  };
  const tested = { provider, zone: zone.apex, label: operation.id.slice(-12), suffixes, look };
  await checklist.make({ checks: kind.checks, tested, about: { ...tested, settings }, milliseconds: checksMilliseconds, late });
  // All at once: sixteen servers that do not answer must not use up the run.
  const asked = servers.map((server, index) =>
    findingOf({
      check: `server ${server.name}`,
      milliseconds: serverMilliseconds,
      late,
      remedy: (error) => (error.code === 'dns-not-applied' ? viewRemedy(server) : null),
      run: (signal) => askServer(ctx, server, zone.apex, seen[index], signal),
    }),
  );
  for (const finding of await Promise.all(asked)) await checklist.report(finding);
  const { zoneId } = operation;
  return checklist.end({}, async (tx) => {
    if (zoneId !== null) await readAgain(tx, zoneId, ctx.clock.now());
  });
}

/** The zone of the operation, or where one might be kept. Errors: not-found. */
async function testedBy({ ctx: { db }, operation: { id, zoneId } }: Work): Promise<Kept> {
  if (zoneId === null) {
    const { kind: provider, settings: connection, about: stored, ...trial } = await triedBy(db, id);
    return { ...trial, provider, connection, ...readStored(about, stored, 'connection_trial.about') };
  }
  const kept = await db.zone.findUnique({ where: { id: zoneId } });
  if (kept === null) throw new HostmasterError('not-found', 'The zone is gone.');
  return kept;
}

/** What the last reading met is mended: it is no longer said, and the zone is read at once instead of when its turn comes. */
async function readAgain(tx: Tx, zoneId: string, now: Date): Promise<void> {
  await hurryReading(tx, zoneId, 'Its connection was tested and works.', now);
  await tx.zone.update({ where: { id: zoneId }, data: { syncError: null }, select: { id: true } });
}

/** What a server answered for the test record while that stood. */
type Seen = { readonly holds: boolean; readonly said: string };

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
