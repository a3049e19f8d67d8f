// What was asked of the internal CA, by the worker: it decides once more, makes or opens the key where there is one, and stores what came
// of it together with the end of its work.

import { HostmasterError } from '@hostmaster/core/errors';
import {
  type AuthorityAct,
  type AuthorityDetail,
  authorityActs,
  authorityChanges,
  importedKey,
  importedKeyContext,
} from '@hostmaster/core/pki/authority-change';
import { permittedBy } from '@hostmaster/core/pki/authority-rules';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem } from '@hostmaster/core/pki/chain';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { tokenOf } from '@hostmaster/core/pki/key-store';
import { revokes } from '@hostmaster/core/pki/read-crl';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { signingValidity } from '@hostmaster/core/pki/succession';
import type { Tx } from '@hostmaster/db/client';
import { lock } from '@hostmaster/db/locks';
import { FenceLost, writeOperation } from '@hostmaster/db/operation';
import { unrevoked } from '@hostmaster/db/state-lists';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { WorkerCtx } from '../context.ts';
import { coverZones } from '../issuer/cover-zones.ts';
import { rootPreferences } from '../issuer/root-preferences.ts';
import { storeIssuer } from '../issuer/store.ts';
import { done, holdClaim, type StepResult, stepDone, type Work } from '../reconcile/step.ts';
import {
  judgeCrl,
  judgeRoot,
  judgeSigned,
  judgeWithdrawal,
  type Root,
  requireOffline,
  requireRequest,
  rootThatCan,
  signableApexes,
} from './judge.ts';
import { judgeImport } from './judge-import.ts';
import { requireApexes } from './request-intermediate.ts';
import { storeRequest } from './store-request.ts';

type Change = NonNullable<Awaited<ReturnType<WorkerCtx['db']['authorityChange']['findUnique']>>>;
/** What is stored with the end of the work, in its transaction; the id of what was made or changed. */
type Outcome = { readonly message: string; readonly store: (tx: Tx) => Promise<string>; readonly covers?: boolean };
type CarryOut<A extends AuthorityAct> = (ctx: WorkerCtx, detail: AuthorityDetail<A>, change: Change) => Promise<Outcome>;

const kind = 'internal-ca';

const acts: { readonly [A in AuthorityAct]: CarryOut<A> } = {
  async 'make-root'(ctx, { name, key, intermediateKey }) {
    const made = await ctx.authorities.root({ key, added: true });
    return {
      message: `The root ${name} is made. It is trusted, and signs nothing before it is activated.`,
      store: (tx) => addRoot(tx, ctx, { name, intermediateKey }, made),
    };
  },

  async 'connect-root'(ctx, { name, certificatePem, intermediateKey }) {
    const { der } = await judgeRoot(ctx.db, certificatePem, ctx.clock.now());
    return {
      message: `The root ${name} is connected. It is trusted, and nothing below it signs before it is activated.`,
      store: (tx) => addRoot(tx, ctx, { name, intermediateKey }, { certificate: der, key: null }),
    };
  },

  async import(ctx, { name, certificatePem, intermediateKey }, change) {
    const { certificate, root } = await judgeImport(ctx.db, certificatePem, ctx.clock.now());
    const made = ctx.authorities.adopt(certificate.der, await openKey(ctx, change));
    if (root === null)
      return {
        message: `The root ${name} is imported. It is trusted, and signs nothing before it is activated.`,
        store: (tx) => addRoot(tx, ctx, { name, intermediateKey }, made),
      };
    return {
      message: `The CA ${name} is imported below ${root.name}.`,
      covers: true,
      store: (tx) => addIntermediate(tx, ctx, { name, rootId: root.id, permittedSuffixes: permittedBy(certificate) }, made),
    };
  },

  async 'activate-root'(ctx, { id }) {
    const root = await rootThatCan(ctx.db, id, 'activate');
    return {
      message: await whatActive(ctx, root),
      covers: true,
      async store(tx) {
        const active = await tx.issuer.findFirst({ where: { kind: rootKind, state: 'active' }, select: { id: true, slug: true } });
        if (active !== null) await transition(tx, 'issuer', { id: active.id }, 'replace');
        if ((await transition(tx, 'issuer', { id, kind: rootKind }, 'activate')) === 0) throw movedMeanwhile(root.name);
        await audit(tx, ctx, 'root.activate', { id, name: root.slug }, { before: active?.slug ?? null });
        return id;
      },
    };
  },

  async 'withdraw-root'(ctx, { id }) {
    const root = await judgeWithdrawal(ctx.db, id, ctx.clock.now());
    return {
      message: `${root.name} is trusted no more.`,
      async store(tx) {
        // What a worker is about to order below it is waited for and seen.
        await tx.$executeRaw`SELECT 1 FROM issuer WHERE id = ${id}::uuid OR root_id = ${id}::uuid ORDER BY id FOR UPDATE`;
        await judgeWithdrawal(tx, id, ctx.clock.now());
        await tx.authorityRequest.deleteMany({ where: { rootId: id } });
        await transition(tx, 'issuer', { id, kind: rootKind }, 'withdraw');
        await audit(tx, ctx, 'root.withdraw', { id, name: root.slug }, {});
        return id;
      },
    };
  },

  async 'request-intermediate'(ctx, { id }) {
    const root = await requireOffline(ctx.db, id);
    const permittedSuffixes = await requireApexes(ctx);
    const { intermediateKey: key } = rootPreferences(root.settings);
    const made = await ctx.authorities.request({ key, permittedSuffixes, root: root.slug });
    return {
      message: `The request for a CA below ${root.name} is made; whoever holds the root signs it.`,
      store: (tx) => storeRequest(tx, { rootId: id, key, permittedSuffixes, createdAt: ctx.clock.now() }, made),
    };
  },

  async 'install-intermediate'(ctx, { id, certificatePem }) {
    const { csr, rootId } = await requireRequest(ctx.db, id);
    const certificate = await judgeSigned(ctx.db, csr, rootId, certificatePem, ctx.clock.now());
    const permittedSuffixes = permittedBy(certificate);
    return {
      message: `The CA is here, and may sign for ${permittedSuffixes.join(', ')}.`,
      covers: true,
      async store(tx) {
        const request = await tx.authorityRequest.findUnique({ where: { id } });
        if (request === null) throw new HostmasterError('not-found', `There is no request ${id} any more.`);
        await tx.authorityRequest.delete({ where: { id }, select: { id: true } });
        const key = { keyId: request.keyId, ciphertext: request.keyCiphertext };
        return addIntermediate(tx, ctx, { name: 'Internal CA', rootId, permittedSuffixes }, { certificate: certificate.der, key });
      },
    };
  },

  async 'drop-request'(ctx, { id }) {
    const { keyId } = await requireRequest(ctx.db, id);
    const token = tokenOf(keyId);
    return {
      message:
        token === null
          ? 'The request is dropped, and its key thrown away.'
          : `The request is dropped. Its key stays in the token ${token}, where nothing uses it any more.`,
      async store(tx) {
        await tx.authorityRequest.deleteMany({ where: { id } });
        return id;
      },
    };
  },

  async 'install-crl'(ctx, { id, crlPem }) {
    const { root, list } = await judgeCrl(ctx.db, id, crlPem, ctx.clock.now());
    const select = { id: true, slug: true, name: true, chainPem: true };
    const ended = (await ctx.db.issuer.findMany({ where: { rootId: id, revokedAt: null }, select })).filter(({ chainPem }) =>
      splitPem(chainPem)
        .slice(0, 1)
        .some((der) => revokes(list, readCertificate(der))),
    );
    const signed = await ctx.db.certificate.count({
      where: { issuerId: { in: ended.map((each) => each.id) }, state: { in: unrevoked }, notAfter: { gt: ctx.clock.now() } },
    });
    return {
      message: [`List ${list.number} of ${root.name} is published.`, ...whatEnds(ended, signed)].join(' '),
      covers: ended.length > 0,
      async store(tx) {
        const { number, nextUpdate } = list;
        // Nobody here can sign the next one: it is due when this one ends.
        const data = { number, der: Buffer.from(list.der), nextUpdate, refreshAt: nextUpdate };
        const newer = { issuerId: id, list: completeList, number: { lt: number } };
        const { count: replaced } = await tx.revocationList.updateMany({ where: newer, data });
        const first = { issuerId: id, list: completeList, addresses: [], ...data };
        const { count: made } = replaced > 0 ? { count: 0 } : await tx.revocationList.createMany({ data: first, skipDuplicates: true });
        if (replaced + made === 0) throw movedMeanwhile(root.name);
        for (const { id: endedId, slug } of ended) {
          const where = { id: endedId, revokedAt: null };
          const { count: turned } = await tx.issuer.updateMany({ where, data: { revokedAt: ctx.clock.now() } });
          if (turned > 0) await audit(tx, ctx, 'issuer.revoke', { id: endedId, name: slug }, { root: root.slug, list: number });
        }
        return id;
      },
    };
  },
};

/** A root elsewhere signs nothing by itself: what follows is said as it is. */
async function whatActive({ db, clock }: WorkerCtx, { id, name, keyId }: Root): Promise<string> {
  const below = await db.issuer.findMany({ where: { rootId: id, revokedAt: null, stoppedAt: null }, select: { chainPem: true } });
  if (keyId !== null || below.some(({ chainPem }) => (signingValidity(chainPem)?.notAfter ?? clock.now()) > clock.now()))
    return `${name} signs from now on.`;
  const waits = (await signableApexes(db)).length === 0 ? '' : ' A request for one waits for whoever holds its key.';
  return `${name} is active. CAs below it sign once one that it signed is brought; those below the root before it go on until then.${waits}`;
}

/** What follows where a root revokes CAs that sign here. @param signed how many valid certificates are of theirs */
const whatEnds = (ended: readonly { readonly name: string; readonly slug: string }[], signed: number): readonly string[] => [
  ...ended.map(({ name, slug }) => `It revokes ${name} (${slug}), which signs nothing more.`),
  ...(signed === 0
    ? []
    : [
        `${signed} certificate${signed === 1 ? '' : 's'} below it ${signed === 1 ? 'is' : 'are'} not trusted by whoever checks the list: replace them by a campaign for this issuer.`,
      ]),
];

const movedMeanwhile = (name: string): HostmasterError =>
  new HostmasterError(
    'unsupported',
    `Somebody else changed ${name} meanwhile. Look at it again, and ask anew where that still makes sense.`,
  );

type Said = { readonly name: string; readonly intermediateKey: AuthorityDetail<'make-root'>['intermediateKey'] };
type Made = Parameters<typeof storeIssuer>[3];

async function addRoot(tx: Tx, ctx: WorkerCtx, { name, intermediateKey }: Said, made: Made): Promise<string> {
  const count = await tx.issuer.count({ where: { kind: rootKind } });
  const first = (await tx.issuer.count({ where: { kind: rootKind, state: 'active' } })) === 0;
  const root = { slug: `${rootKind}-${count + 1}`, kind: rootKind, name, permittedSuffixes: [], profile: null } as const;
  return (await storeIssuer(tx, ctx, { ...root, settings: { intermediateKey }, state: first ? 'active' : 'announced' }, made)).id;
}

type Below = { readonly name: string; readonly rootId: string; readonly permittedSuffixes: readonly string[] };

async function addIntermediate(tx: Tx, ctx: WorkerCtx, { name, rootId, permittedSuffixes }: Below, made: Made): Promise<string> {
  const count = await tx.issuer.count({ where: { kind } });
  const issuer = { slug: `${kind}-${count + 1}`, kind, name, permittedSuffixes, profile: 'server', rootId } as const;
  return (await storeIssuer(tx, ctx, issuer, made)).id;
}

/** Errors: key-unreadable. */
async function openKey({ keyStore }: WorkerCtx, { id, secretKeyId, secretCiphertext }: Change) {
  if (secretKeyId === null || secretCiphertext === null) throw new HostmasterError('key-unreadable', 'The key of the import is gone.');
  const opened = await keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, importedKeyContext(id));
  try {
    return importedKey.parse(JSON.parse(Buffer.from(opened).toString('utf8')));
  } finally {
    opened.fill(0);
  }
}

const isAct = (text: string): text is AuthorityAct => (authorityActs as readonly string[]).includes(text);
/** Every act takes the detail that its schema has read. */
const perform = (ctx: WorkerCtx, change: Change): Promise<Outcome> => {
  const { act } = change;
  if (!isAct(act)) throw new HostmasterError('unsupported', `Nobody here knows how to ${act}.`);
  const carry = acts[act] as CarryOut<AuthorityAct>;
  return carry(ctx, authorityChanges[act].parse(change.detail) as AuthorityDetail<AuthorityAct>, change);
};

/** Carries out one change. Errors: those of judge.ts, key-unreadable, invalid-input (the key that was brought). */
export async function carryOut(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  // A run that was killed after its commit finds what it left.
  if (operation.result !== null) return covered(ctx, 'It is carried out.');
  const change = await ctx.db.authorityChange.findUnique({ where: { operationId: operation.id } });
  if (change === null) throw new HostmasterError('not-found', 'What was asked is gone: it waited for longer than a day.');
  try {
    const { message, store, covers = false } = await whileHeld(work, perform(ctx, change));
    const result = await stepDone(work, message, async (tx) => {
      await lock(tx, 'authority');
      const id = await store(tx);
      await tx.authorityChange.delete({ where: { id: change.id }, select: { id: true } });
      await writeOperation(tx, work.claim, { result: { id } });
    });
    return covers ? covered(ctx, message) : result;
  } catch (thrown) {
    if (thrown instanceof FenceLost || !(thrown instanceof HostmasterError)) throw thrown;
    const error = inFull(thrown);
    // What was brought to no end, a key above all, is not kept.
    if (!error.kind.retryable) await ctx.db.authorityChange.deleteMany({ where: { id: change.id } });
    throw error;
  }
}

const holdMilliseconds = 10_000;

/** Keeps the work while a token makes a key, which takes some of them minutes and has a deadline of its own: whoever took over would make another. */
async function whileHeld<T>(work: Work, doing: Promise<T>): Promise<T> {
  // That it is lost is seen when the end is stored.
  const hold = () => holdClaim(work).then(work.renew, () => undefined);
  const timer = setInterval(hold, holdMilliseconds);
  try {
    return await doing;
  } finally {
    clearInterval(timer);
  }
}

/** Zones that waited for the change need not wait for their next reading. */
async function covered(ctx: WorkerCtx, message: string): Promise<StepResult> {
  await coverZones(ctx);
  return done(message);
}

/** Whoever reads why it failed reads all of it; and what is as it is, is not tried again. */
function inFull(error: HostmasterError): HostmasterError {
  const told = error.violations.map(({ reason, remedy }) => `${reason} ${remedy}`);
  const message = told.length === 0 || error.message.includes(told[0] ?? '') ? error.message : told.join(' ');
  return new HostmasterError(error.code === 'conflict' ? 'unsupported' : error.code, message, { cause: error });
}
