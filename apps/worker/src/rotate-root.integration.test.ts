// The root is replaced under a name that is live: curl, with the old bundle and with the new one, before and after the renewal.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootWish } from '@hostmaster/core/contract/authority';
import { activateRoot } from '@hostmaster/usecases/authority/activate-root';
import { makeRoot } from '@hostmaster/usecases/authority/make-root';
import { withdrawRoot } from '@hostmaster/usecases/authority/withdraw-root';
import { readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import { getOperation } from '@hostmaster/usecases/operation/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servedSerial } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const hostname = `stays.dev.${zoneApex}`;

/** The bundle as it is published now, in a file. */
async function fetchBundle(name: string): Promise<string> {
  const path = join(world.folder, name);
  await writeFile(path, (await readPkiFile(world.worker, 'root.pem'))?.body ?? '');
  return path;
}

/** What somebody gets who trusts this bundle alone. */
async function visit(bundle: string): Promise<string> {
  const to = ['--connect-to', `${hostname}:443:127.0.0.1:${world.edge.port}`];
  const asked = ['-sS', '--cacert', bundle, '--noproxy', '*', ...to, '-o', '/dev/null', '-w', '%{http_code}', `https://${hostname}/`];
  return run('curl', asked).then(
    ({ stdout }) => stdout,
    ({ code }: { code: number }) => `curl failed with ${code}`,
  );
}

/** CURLE_PEER_FAILED_VERIFICATION. */
const notBelieved = 'curl failed with 60';

async function carriedOut(asked: Promise<{ readonly id: string }>): Promise<string> {
  const { id } = await asked;
  await world.runDue();
  const { state, result, reason } = await getOperation(await world.as('platform'), { id });
  expect(state, reason).toBe('succeeded');
  return String(result?.id);
}

const below = async () => {
  const certificate = await world.db.certificate.findFirstOrThrow({
    where: { endpoint: { hostname }, state: 'served' },
    include: { issuer: { select: { rootId: true } } },
  });
  expect(await servedSerial(world, hostname)).toBe(certificate.serial);
  return certificate.issuer.rootId;
};

test('a root is replaced under a live name: nobody with the newest bundle meets a certificate that they do not believe', async () => {
  const ctx = { ...(await world.as('platform')), sealer: world.keyStore };
  await world.ask(hostname);
  await world.runDue();
  const oldBundle = await fetchBundle('old.pem');
  const old = await below();
  expect(await visit(oldBundle)).toBe('200');

  const next = await carriedOut(makeRoot(ctx, rootWish.parse({ name: 'Next root', key: 'ecdsa-p256' })));
  const both = await fetchBundle('both.pem');
  expect([await visit(oldBundle), await visit(both)]).toEqual(['200', '200']);

  await carriedOut(activateRoot(ctx, { id: next }));
  expect(await below()).toBe(old);
  expect([await visit(oldBundle), await visit(both)]).toEqual(['200', '200']);
  await expect(withdrawRoot(ctx, { id: old ?? '' })).rejects.toMatchObject({ code: 'in-use' });

  await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(0) } });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
  expect(await below()).toBe(next);
  expect([await visit(oldBundle), await visit(both)]).toEqual([notBelieved, '200']);

  await world.db.certificate.updateMany({ where: { issuer: { rootId: old } }, data: { notAfter: new Date() } });
  await carriedOut(withdrawRoot(ctx, { id: old ?? '' }));
  const newBundle = await fetchBundle('new.pem');
  expect([await visit(oldBundle), await visit(newBundle), await visit(both)]).toEqual([notBelieved, '200', '200']);
});
