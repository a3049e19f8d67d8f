// Another key for the account at a CA: who may ask for it, and what is stored when, so that no end of a worker leaves an account whose key
// nobody has. With a CA that answers as the test says; from request to a CA that speaks ACME it is tried in apps/worker.
import { HostmasterError } from '@hostmaster/core/errors';
import { asksPerIssuer } from '@hostmaster/core/operation/limits';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOperation } from '../operation/run.ts';
import { runSeconds } from '../operation/run-error.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { changeIssuerKey } from './change-key.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const first = Buffer.from('the key of the account');
let n = 0;
/** An issuer whose account has a key. */
const connected = async (): Promise<{ readonly id: string }> => {
  n += 1;
  const row = { kind: 'acme', name: 'A CA', chainPem: '', permittedSuffixes: [], keyId: 'k', keyCiphertext: first };
  return world.db.issuer.create({ data: { slug: `ca-${n}`, ...row }, select: { id: true } });
};
const ask = async ({ id }: { readonly id: string }) => changeIssuerKey(await world.as('platform'), { id });
const keysOf = ({ id }: { readonly id: string }) =>
  world.db.issuer.findUniqueOrThrow({
    where: { id },
    select: { keyId: true, keyCiphertext: true, nextKeyId: true, nextKeyCiphertext: true },
  });
const eventsOf = ({ id }: { readonly id: string }) =>
  world.db.auditEvent.findMany({ where: { subjectId: id, action: 'issuer.change-key' }, select: { subject: true } });

/** What the CA was told, in this order, and what it answers. */
const told: SealedSecret[] = [];
let answer: () => Promise<void> = async () => {};
const run = async (
  operationId: string,
  changeKey: CertificateIssuer['changeKey'] | null = async (next) => {
    told.push(next);
    await answer();
  },
) => {
  await behindTheBack(world.db).operation.updateMany({ where: { id: operationId, state: 'waiting' }, data: { nextAttemptAt: null } });
  const issuer = async () => ({ ...(changeKey === null ? {} : { changeKey }) }) as CertificateIssuer;
  await runOperation({ ...world.worker, issuer }, { operationId });
  return world.db.operation.findUniqueOrThrow({ where: { id: operationId } });
};
const begun = async () => {
  const issuer = await connected();
  const { id } = await ask(issuer);
  const waits = await run(id);
  told.length = 0;
  answer = async () => {};
  return { issuer, id, waits };
};

describe('a wish for another key', () => {
  test('is a platform admin’s alone, is written in the audit trail once, and is not had twice at a time', async () => {
    const issuer = await connected();
    for (const account of ['app', 'security'] as const)
      await expect(changeIssuerKey(await world.as(account), issuer)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await eventsOf(issuer)).toEqual([]);
    await ask(issuer);
    await expect(ask(issuer)).rejects.toMatchObject({ code: 'conflict' });
    expect(await eventsOf(issuer)).toEqual([{ subject: `ca-${n}` }]);
  });

  test('is had only as often as an issuer may be asked for something', async () => {
    const issuer = await connected();
    for (let each = 0; each < asksPerIssuer.limit; each += 1) await run((await ask(issuer)).id, null).then(({ id }) => run(id, null));
    await expect(ask(issuer)).rejects.toMatchObject({ code: 'rate-limited' });
  });
});

describe('another key', () => {
  test('is stored before the CA is told, and for as long as a run lasts whoever orders with the one in force is let finish', async () => {
    const issuer = await connected();
    const { id } = await ask(issuer);
    const { state, nextAttemptAt } = await run(id);
    expect([state, told]).toEqual(['waiting', []]);
    expect(nextAttemptAt?.getTime()).toBeGreaterThanOrEqual(world.clock.now().getTime() + runSeconds * 1000);
    const { nextKeyId, nextKeyCiphertext, ...inForce } = await keysOf(issuer);
    expect(inForce).toEqual({ keyId: 'k', keyCiphertext: Uint8Array.from(first) });
    expect(await run(id)).toMatchObject({ state: 'succeeded' });
    expect(told).toEqual([{ keyId: nextKeyId, ciphertext: nextKeyCiphertext }]);
    expect(await keysOf(issuer)).toEqual({ keyId: nextKeyId, keyCiphertext: nextKeyCiphertext, nextKeyId: null, nextKeyCiphertext: null });
  });

  test('that the CA may have taken, though nobody heard it, is the one that it is told of again', async () => {
    const { issuer, id } = await begun();
    const before = await keysOf(issuer);
    answer = async () => Promise.reject(new HostmasterError('issuer-unavailable', 'It is not there.'));
    expect(await run(id)).toMatchObject({ state: 'waiting' });
    expect(await keysOf(issuer)).toEqual(before);
    answer = async () => {};
    await run(id);
    expect(told).toEqual([1, 2].map(() => ({ keyId: before.nextKeyId, ciphertext: before.nextKeyCiphertext })));
    expect((await keysOf(issuer)).keyCiphertext).toEqual(before.nextKeyCiphertext);
  });

  test.each<[string, () => Promise<void>, null | undefined]>([
    ['that the CA refuses', async () => Promise.reject(new HostmasterError('issuer-refused', 'No.')), undefined],
    ['of what has no account any more', async () => {}, null],
  ])('%s is forgotten, and the one in force stays', async (_, said, changeKey) => {
    const { issuer, id } = await begun();
    answer = said;
    expect(await run(id, changeKey)).toMatchObject({ state: 'failed' });
    expect(await keysOf(issuer)).toEqual({ keyId: 'k', keyCiphertext: Uint8Array.from(first), nextKeyId: null, nextKeyCiphertext: null });
  });

  test('is told of by no worker whose work somebody else has taken over', async () => {
    const { issuer, id } = await begun();
    const before = await keysOf(issuer);
    const { issuer: _, ...ctx } = world.worker;
    await behindTheBack(world.db).operation.updateMany({ where: { id }, data: { nextAttemptAt: null } });
    const slow = async () => {
      await behindTheBack(world.db).operation.updateMany({ where: { id }, data: { fence: { increment: 1 } } });
      return { changeKey: async (next: SealedSecret) => void told.push(next) } as unknown as CertificateIssuer;
    };
    await runOperation({ ...ctx, issuer: slow }, { operationId: id });
    expect([told, await keysOf(issuer)]).toEqual([[], before]);
  });
});

test('of an issuer that is gone nothing is asked, and that is said', async () => {
  const { issuer, id } = await begun();
  await world.db.issuer.delete({ where: issuer });
  expect(await run(id)).toMatchObject({ state: 'failed', reason: 'The issuer is gone.' });
  expect(told).toEqual([]);
});
