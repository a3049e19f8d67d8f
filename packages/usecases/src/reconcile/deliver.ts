// From an issued certificate to where TLS ends, and away from there.
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import type { CertificateDestination } from '@hostmaster/core/pki/destination';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { leafKeyContext } from '@hostmaster/core/pki/key-store';
import type { Db, Tx } from '@hostmaster/db/client';
import { noteHeld } from '@hostmaster/db/delivery';
import { holdersOf } from '@hostmaster/db/held-name';
import { transact } from '@hostmaster/db/transaction';
import type { FittingCertificate } from '../certificate/fitting.ts';
import { edgePlace, openPlace, type Place, placeOf, requireAsOpened } from '../destination/serving.ts';
import { siblingCertificates } from './sibling.ts';
import { startReconcile } from './start.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, type Work } from './step.ts';
import { currentCertificate, type Run, type Subject } from './subject.ts';

/** The step that hands the certificate to where TLS ends, where that is ours to do and it is not there yet. */
export async function certificateDelivered(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const certificate = await currentCertificate(run);
  let outcome: Outcome = { put: [], own: false, isServed: false };
  const put = async () => {
    if (certificate !== null && isOursToDeliver(certificate)) outcome = await deliver(work, subject, certificate);
    // What it was moved to holds it now, so that what it was moved from need not.
    await withdraw(work, subject, 'places that it left');
  };
  // What is wanted first; what could not be put there keeps nothing there that is not wanted any more.
  await oneByOne([put, () => withdraw(work, subject, 'names that it let go')]);
  if (certificate === null) return stepSkipped(work, 'There is no certificate to hand on.');
  if (!isOursToDeliver(certificate)) return stepSkipped(work, installsWords(subject, certificate));
  if (isCertificateOnly(subject.contract)) return stepSkipped(work, `A certificate alone: ${subject.endpoint.team} installs it.`);
  if (!outcome.isServed) return stepSkipped(work, 'Nothing that certificates are handed to ends TLS for it.');
  if (outcome.put.length > 0) return stepDone(work, `Handed to where TLS ends, for ${outcome.put.join(', ')}.`);
  return stepDone(work, outcome.own ? 'It is in place already.' : 'That of the same name in another view is in place, and serves as well.');
}

/** Who has it served, where Hostmaster cannot hand it on. */
export const installsWords = ({ endpoint: { team } }: Subject, { order }: Pick<FittingCertificate, 'order'>): string =>
  keyHolderOf(order) === 'issuer'
    ? `Its issuer keeps the key: whoever runs the server that ends TLS has it serve ${order.reference ?? 'the certificate'}.`
    : `${team} installs the certificate, since the key is theirs.`;

/** Whether Hostmaster holds the key. */
export const isOursToDeliver = ({ order }: Pick<FittingCertificate, 'order'>): boolean => order.keyId !== null;

type Outcome = {
  /** The names that it was handed on for. */
  readonly put: readonly string[];
  /** Whether this very certificate was in place already. */
  readonly own: boolean;
  /** Whether anything serves it that certificates are handed to. */
  readonly isServed: boolean;
};

/**
 * The private key is read and unwrapped only where another certificate is held than this one, or one that serves as well (sibling.ts).
 * Where it is put is written down before, so that it is taken back from there whatever the contract says by then.
 */
export async function deliver(work: Work, subject: Subject, row: FittingCertificate): Promise<Outcome> {
  const { ctx } = work;
  const { db } = ctx;
  const place = await placeOf(db, ctx, subject.contract);
  const opened = place === null ? null : await openPlace(ctx, place);
  if (place === null || opened === null || row.order.keyId === null) return { put: [], own: false, isServed: false };
  const { destination, version } = opened;
  const names = await namesToServe(db, subject);
  const look = async (hostname: Hostname) => ({
    hostname,
    fingerprint: await destination.held(hostname),
    called: (await destination.calledThere?.(hostname)) ?? null,
  });
  const seen = await Promise.all(names.map(look));
  const held = seen.map(({ fingerprint }) => fingerprint);
  const note = (to: Db | Tx, seen: readonly Awaited<ReturnType<typeof look>>[], put: boolean) =>
    noteHeld(
      to,
      seen.map((each) => ({ ...each, ...place, endpointId: subject.endpoint.id })),
      put,
      ctx.clock.now(),
    );
  const others = held.every((one) => one === row.fingerprint) ? [] : await siblingCertificates(ctx, subject);
  const missing = names.filter(
    (name, index) =>
      held[index] !== row.fingerprint &&
      !(name === subject.endpoint.hostname && others.some(({ fingerprint }) => fingerprint === held[index])),
  );
  await holdClaim(work);
  await transact(db, async (tx) => {
    await note(tx, seen, false);
    await requireAsOpened(tx, place, version);
  });
  const outcome = { put: missing, own: held[names.indexOf(subject.endpoint.hostname)] === row.fingerprint, isServed: true };
  if (missing.length === 0) return outcome;
  const key = await db.certificateOrder.findUniqueOrThrow({
    where: { id: row.orderId },
    select: { keyId: true, keyCiphertext: true, keyLabel: true },
  });
  if (key.keyId === null || key.keyCiphertext === null) return { ...outcome, put: [] };
  const privateKeyPem = await ctx.keys.exportPem({ keyId: key.keyId, ciphertext: key.keyCiphertext }, leafKeyContext(key.keyLabel));
  await allAtOnce(
    missing.map(async (hostname) => {
      await destination.deliver({ hostname, fullchainPem: row.chainPem, privateKeyPem });
      await note(db, [await look(hostname)], true);
    }),
  );
  return outcome;
}

/** One after the other, so that one that fails keeps none of the others waiting. Errors: the first, once all were tried. */
async function oneByOne(acts: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const act of acts) await act().catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/** So that what costs the server of all of them the same (a reload) is done once. Errors: the first, once all have ended. */
async function allAtOnce(acts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(acts)).find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * The names that the endpoint's certificate is served for: its hostname, and those of its extra names that it holds, that are
 * nobody's hostname and that no older endpoint of the team has, too.
 */
async function namesToServe(db: Db, { endpoint, names }: Subject): Promise<Hostname[]> {
  const holders = await holdersOf(db, names);
  return names.filter((name) => name === endpoint.hostname || holders.find((one) => one.name === name)?.endpointId === endpoint.id);
}

type Left = Place & {
  readonly hostname: string;
  /** Whether it was written down that it was put there. */
  readonly isWritten: boolean;
};

/**
 * Takes the endpoint's certificates away from where TLS ends: for every name, for those that are not its own any more, or from places
 * where its names are not served any more. Keys and chains that nobody renews must not stay there; what another endpoint has put there
 * does, and who else has the name is looked at next.
 */
export async function withdraw(
  work: Work,
  subject: Subject,
  from: 'every name' | 'names that it let go' | 'places that it left',
): Promise<void> {
  const { ctx } = work;
  const { db } = ctx;
  const { id: endpointId } = subject.endpoint;
  const issued = await db.certificate.findMany({ where: { endpointId }, select: { names: true, fingerprint: true } });
  const own = new Set(issued.map(({ fingerprint }) => fingerprint));
  const place = await placeOf(db, ctx, subject.contract);
  const kept: readonly string[] = subject.names;
  const isLeft = ({ hostname, destinationId, namespace }: Left): boolean => {
    if (from === 'every name') return true;
    if (from === 'names that it let go') return !kept.includes(hostname);
    return kept.includes(hostname) && (destinationId !== place?.destinationId || namespace !== place.namespace);
  };
  /** What cannot be read there is its own where it was put there, and nobody else's is put there since or just now. */
  const putThere = async ({ isWritten, hostname, destinationId, namespace }: Left): Promise<boolean> =>
    isWritten && (await db.delivery.count({ where: { hostname, destinationId, namespace, endpointId: { not: endpointId } } })) === 0;
  const takeFrom = async (destination: CertificateDestination, left: Left): Promise<void> => {
    const { hostname } = left;
    const held = await destination.held(hostname);
    if (held === null ? await putThere(left) : own.has(held)) await takeAway(work, destination, hostname, endpointId);
  };
  const takeAll = async (lefts: readonly Left[]): Promise<void> => {
    const [first] = lefts;
    if (first === undefined) return;
    const { destinationId, namespace } = first;
    const opened = await openPlace(ctx, first);
    await allAtOnce(
      lefts.map(async (left) => {
        if (opened !== null) await takeFrom(opened.destination, left);
        await db.delivery.deleteMany({ where: { endpointId, hostname: left.hostname, destinationId, namespace } });
      }),
    );
  };
  const left = byPlace((await putSomewhere(db, endpointId, issued)).filter(isLeft));
  await oneByOne(left.map((each) => () => takeAll(each)));
}

async function takeAway(work: Work, destination: CertificateDestination, hostname: string, endpointId: string): Promise<void> {
  await holdClaim(work);
  await destination.withdraw(hostname);
  await lookAtOthers(work, hostname, endpointId);
}

/** Wherever it was written down that it was put, and, from before that was done, whatever was issued in the directory of the worker. */
async function putSomewhere(db: Db, endpointId: string, issued: readonly { readonly names: readonly string[] }[]): Promise<Left[]> {
  const rows = await db.delivery.findMany({ where: { endpointId }, select: { hostname: true, destinationId: true, namespace: true } });
  const written = rows.map((row) => ({ ...row, isWritten: true }));
  const before = new Set(issued.flatMap(({ names }) => names));
  for (const { hostname } of rows.filter(({ destinationId }) => destinationId === null)) before.delete(hostname);
  return [...written, ...[...before].map((hostname) => ({ ...edgePlace, hostname, isWritten: false }))];
}

function byPlace(all: readonly Left[]): readonly (readonly Left[])[] {
  const places = new Map<string, Left[]>();
  for (const left of all) {
    const key = `${left.destinationId ?? ''} ${left.namespace}`;
    places.set(key, [...(places.get(key) ?? []), left]);
  }
  return [...places.values()];
}

/** Who else has the name, for which nothing is served now, puts their own certificate there. */
async function lookAtOthers({ ctx }: Work, name: string, itself: string): Promise<void> {
  const holders = await holdersOf(ctx.db, [name]);
  const others = await ctx.db.endpoint.findMany({
    where: { id: { in: holders.map(({ endpointId }) => endpointId), not: itself } },
    select: { id: true, hostname: true, view: true, zoneId: true },
  });
  const reason = 'Another endpoint let a name go that this one has, too.';
  for (const { id: endpointId, ...other } of others)
    await transact(ctx.db, (tx) => startReconcile(tx, { purpose: 'look', ...other, endpointId, reason }, ctx.clock.now()));
}
