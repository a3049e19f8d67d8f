import { keyUsage } from '@hostmaster/core/contract/leaf-content';
import { day } from '@hostmaster/core/duration';
import { asHostmasterError, causeChain, HostmasterError } from '@hostmaster/core/errors';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname } from '@hostmaster/core/hostname/parse-hostname';
import { isPublicSuffix } from '@hostmaster/core/hostname/public-suffix';
import { contentFault } from '@hostmaster/core/pki/content-fault';
import { serverContent } from '@hostmaster/core/pki/leaf-content';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { signingValidity, successorDueBy } from '@hostmaster/core/pki/succession';
import { dayOf } from '@hostmaster/core/said-time';
import { lock } from '@hostmaster/db/locks';
import { transact } from '@hostmaster/db/transaction';
import { storeRequest } from '../authority/store-request.ts';
import { permits } from '../certificate/choose-issuer.ts';
import type { WorkerCtx } from '../context.ts';
import { rootPreferences } from './root-preferences.ts';
import { storeIssuer } from './store.ts';

const kind = 'internal-ca';

const everyUsage = { ...serverContent, usages: keyUsage.options };

type Covering = Pick<WorkerCtx, 'actor' | 'authorities' | 'db' | 'clock' | 'issuer' | 'log'>;

/**
 * Sees to it that an internal CA below the active root may sign for every managed zone, for months to come: where none may, the root signs
 * a new one whose name constraints are the apexes of them all, but for public suffixes, which older versions took: names below those are
 * unrelated people's. Where every CA of a zone is stopped, none is made in its place. Where the key of the root is kept elsewhere, a request is made for whoever holds it, and waits. A root that is stopped signs none and is asked for none. What keeps it from
 * that stays with the zones concerned, until one may; the next reading of a zone tries again.
 */
export async function coverZones(ctx: Covering): Promise<void> {
  const now = ctx.clock.now().getTime();
  const zones = await ctx.db.zone.findMany({ select: { apex: true }, distinct: ['apex'], orderBy: { apex: 'asc' } });
  // In a zone whose apex is no hostname no name can be asked for, and no name constraint can be made of it.
  const all = zones.map(({ apex }) => apex).filter(isStoredHostname);
  const apexes = all.filter((apex) => !isPublicSuffix(apex));
  const unsigned = new Map<Note, readonly string[]>([[ofOthers, all.filter(isPublicSuffix)]]);
  const root = await ctx.db.issuer.findFirst({ where: { kind: rootKind, state: 'active' } });
  const there = await ctx.db.issuer.findMany({
    where: { kind, rootId: root?.id ?? null, revokedAt: null },
    select: { permittedSuffixes: true, chainPem: true, stoppedAt: true },
  });
  // Another CA in the place of one that somebody stopped would sign what they wanted nobody to sign.
  const covering = (apex: Hostname) => there.filter((each) => permits(each.permittedSuffixes, [apex]) && endOf(each.chainPem) > now);
  const held = apexes.filter((apex) => covering(apex).length > 0 && covering(apex).every(({ stoppedAt }) => stoppedAt !== null));
  unsigned.set(stopped, held);
  const open = apexes.filter((apex) => !held.includes(apex));
  const dueBy = successorDueBy(ctx.clock.now()).getTime();
  // One that was made before its kind signed all that it may today has another one beside it, where the root can make that by itself.
  const signsAll = ({ chainPem }: { readonly chainPem: string }): boolean =>
    root === null || root.keyId === null || contentFault(chainPem, everyUsage) === null;
  // One that is stopped signs nothing, however long it lasts: it is no successor of one that does.
  const signs = there.filter((each) => each.stoppedAt === null && signsAll(each));
  const endFor = (apex: Hostname): number =>
    Math.max(0, ...signs.filter(({ permittedSuffixes }) => permits(permittedSuffixes, [apex])).map(({ chainPem }) => endOf(chainPem)));
  const due = open.filter((apex) => endFor(apex) < dueBy);
  if (due.length === 0) return note(ctx, unsigned);
  const rootEnd = root === null ? Number.POSITIVE_INFINITY : endOf(root.chainPem);
  try {
    // Below a root that ends itself, another CA would last no longer.
    if (due.some((apex) => endFor(apex) < rootEnd - day)) {
      if (root !== null && root.stoppedAt !== null)
        throw new HostmasterError('issuer-unavailable', `${root.name} is stopped: it signs no CA before a platform admin resumes it.`);
      if (root !== null && root.keyId === null) return await note(ctx, unsigned.set(await askFor(ctx, root, open, due), due));
      await makeIntermediate(ctx, root, open, there.length);
    }
    await note(ctx, rootEnd < dueBy ? unsigned.set(rootEnds(rootEnd), due) : unsigned);
  } catch (thrown) {
    ctx.log.warn({ zones: due, causes: causeChain(thrown) }, 'No internal CA could be made; the next reading of a zone tries again.');
    await note(ctx, unsigned.set(couldNotSign(asHostmasterError(thrown)), due));
  }
}

/** In milliseconds. */
const endOf = (chainPem: string): number => signingValidity(chainPem)?.notAfter.getTime() ?? Number.POSITIVE_INFINITY;

/** Sees to it that a request waits for a CA of the zones that are due. @returns who has to sign it */
async function askFor(ctx: Covering, root: Root, apexes: readonly Hostname[], due: readonly Hostname[]): Promise<Note> {
  const waiting = () => ctx.db.authorityRequest.findMany({ where: { rootId: root.id }, select: { permittedSuffixes: true } });
  const covers = (requests: Awaited<ReturnType<typeof waiting>>): boolean =>
    due.every((apex) => requests.some(({ permittedSuffixes }) => permits(permittedSuffixes, [apex])));
  if (!covers(await waiting())) {
    const { intermediateKey: key } = rootPreferences(root.settings);
    const made = await ctx.authorities.request({ key, permittedSuffixes: apexes, root: root.slug });
    await transact(ctx.db, async (tx) => {
      await lock(tx, 'authority');
      // Another worker made one meanwhile: this one is forgotten.
      if (covers(await tx.authorityRequest.findMany({ where: { rootId: root.id }, select: { permittedSuffixes: true } }))) return;
      await storeRequest(tx, { rootId: root.id, key, permittedSuffixes: apexes, createdAt: ctx.clock.now() }, made);
    });
  }
  return {
    signingErrorCode: 'issuer-unavailable',
    signingError: `The key of ${root.name} is kept elsewhere: whoever holds it has to sign the request for a CA that waits on the page of the internal CA. It goes on by itself once that is brought.`,
  };
}

type Root = NonNullable<Awaited<ReturnType<WorkerCtx['db']['issuer']['findFirst']>>>;

type Note = { readonly signingErrorCode: string; readonly signingError: string };

const couldNotSign = ({ code, message }: HostmasterError): Note => ({
  signingErrorCode: code,
  signingError: `The root could not sign a CA for the zone: ${message}`,
});

const rootEnds = (at: number): Note => ({
  signingErrorCode: 'issuer-unavailable',
  signingError: `The root ends on ${dayOf(new Date(at))}, and every CA and certificate below it with it: those of the zone need another root before.`,
});

const stopped: Note = {
  signingErrorCode: 'issuer-unavailable',
  signingError:
    'Every CA that may sign for the zone is stopped: no certificate is signed and no other CA is made before a platform admin resumes one.',
};

const ofOthers: Note = {
  signingErrorCode: 'issuer-refused',
  signingError: 'It is a public suffix, whose names belong to unrelated people. Connect one of your own domains.',
};

/** What is wrong with which zones; nothing is with every other one. */
async function note({ db }: Covering, told: ReadonlyMap<Note, readonly string[]>): Promise<void> {
  for (const [data, apexes] of told) if (apexes.length > 0) await db.zone.updateMany({ where: { apex: { in: [...apexes] } }, data });
  const where = { signingError: { not: null }, apex: { notIn: [...told.values()].flat() } };
  await db.zone.updateMany({ where, data: { signingErrorCode: null, signingError: null } });
}

/** Errors: issuer-unavailable (no root), issuer-refused (it would break a rule), key-unreadable. */
async function makeIntermediate(ctx: Covering, root: Root | null, apexes: readonly Hostname[], before: number): Promise<void> {
  const sign = root === null ? null : (await ctx.issuer(root)).authority?.signIntermediate;
  if (!sign) throw new HostmasterError('issuer-unavailable', 'The internal root has not been made yet.');
  const made = await sign(apexes);
  await transact(ctx.db, async (tx) => {
    await lock(tx, 'authority');
    // Another worker made one meanwhile: this one is forgotten, and the next read of a zone looks again.
    if (root === null || (await tx.issuer.count({ where: { kind, rootId: root.id, revokedAt: null } })) > before) return;
    const slug = `${kind}-${(await tx.issuer.count({ where: { kind } })) + 1}`;
    await storeIssuer(tx, ctx, { slug, kind, name: 'Internal CA', permittedSuffixes: apexes, profile: 'server', rootId: root.id }, made);
  });
}
