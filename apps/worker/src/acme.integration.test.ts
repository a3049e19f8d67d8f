// A contract that asks for a certificate of a CA that speaks ACME: Pebble, which asks BIND, where the worker proves control.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { challengePath, challengeText } from '@hostmaster/core/acme/challenge';
import { proofMethods } from '@hostmaster/core/acme/proofs';
import { issuerChangeOf, issuerInputOf, issuerTrialOf } from '@hostmaster/core/contract/issuer';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator, tlsServer, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import { getTrusted, type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { answerToChallenge } from '@hostmaster/usecases/certificate/http-proofs';
import { lastOrderOf } from '@hostmaster/usecases/certificate/last-order';
import { createProofs } from '@hostmaster/usecases/certificate/proofs';
import { changeIssuerKey } from '@hostmaster/usecases/issuer/change-key';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { getIssuer } from '@hostmaster/usecases/issuer/get';
import { resumeIssuer, stopIssuer } from '@hostmaster/usecases/issuer/stop';
import { testIssuer } from '@hostmaster/usecases/issuer/test-connection';
import { tryIssuer } from '@hostmaster/usecases/issuer/try-connection';
import { updateIssuer } from '@hostmaster/usecases/issuer/update';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { getRequest } from '@hostmaster/usecases/request/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { startDueZoneSyncs } from '@hostmaster/usecases/sweep/due-zones';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { forward, isUpdate, startDnsFront } from './testing/dns-front.ts';
import { connectAnew, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
let pebble: Pebble;
beforeAll(async () => {
  world = await createWorld();
  pebble = await startPebble({ nameServer: `${world.server.address}:${world.server.port}` });
  await connect('pebble', pebble);
}, 120_000);
const kinds = [...issuerKinds.values()];
const sealing = async () => ({ ...(await world.as('platform')), sealer: world.keyStore });
const said = async (name: string, { managementUrl, trust }: Pebble) => ({
  name,
  suffixes: [zoneApex],
  rootPem: await getTrusted(`${managementUrl}/roots/0`, trust),
});
const settingsOf = ({ directoryUrl, trust, httpPort }: Pebble) => ({ directory: directoryUrl, trust, addresses: '127.0.0.0/8', httpPort });
/** As a platform admin connects it. */
const connect = async (slug: string, server: Pebble, more: { externalKeyId?: string; secret?: string; suffixes?: string[] } = {}) => {
  const { secret, suffixes = [zoneApex], ...named } = more;
  const connection = { kind: 'acme', settings: { ...settingsOf(server), ...named }, ...(secret === undefined ? {} : { secret }) };
  return connectIssuer(
    await sealing(),
    issuerInputOf(kinds).parse({ slug, connection, untested: true, ...(await said(slug, server)), suffixes }),
  );
};
afterAll(async () => {
  await pebble.stop();
  await world.close();
});

const texts = async (name: string): Promise<string> =>
  (await run('dig', ['+short', '+norecurse', `@${world.server.address}`, '-p', String(world.server.port), name, 'TXT'])).stdout.trim();

test('a name whose contract asks for ACME is live with a certificate of that CA, and no proof is left in DNS', async () => {
  const hostname = `shop.dev.${zoneApex}`;
  const asked = await world.ask(hostname, { tls: { source: 'acme', challenge: 'dns-01' } });
  expect(asked.state).toBe('approved');
  await world.runDue();
  const request = await getRequest(await world.as('app'), { id: asked.id });
  expect(request.operation).toMatchObject({ reason: 'Everything is as approved.' });
  expect(request.state).toBe('applied');
  const [certificate] = await world.db.certificate.findMany({ where: { endpoint: { hostname } }, include: { issuer: true } });
  expect(certificate).toMatchObject({ state: 'served', issuer: { slug: 'pebble' } });
  expect(await texts(`_acme-challenge.${hostname}`)).toBe('');
  expect(await world.db.dnsProof.count()).toBe(0);
});

/** What a connection test ended with. */
const foundBy = async (operationId: string) => {
  const { state, result } = await world.db.operation.findUniqueOrThrow({ where: { id: operationId } });
  expect(state).toBe('succeeded');
  const { ok, checks } = Object(result) as { ok: boolean; checks: { check: string; ok: boolean | null; message: string }[] };
  return { failed: checks.filter((each) => each.ok !== true), ok, saw: new Map(checks.map(({ check, message }) => [check, message])) };
};

/** What waits for its next try is tried now. */
const again = async (hostname: string) => {
  await behindTheBack(world.db).operation.updateMany({
    where: { endpoint: { hostname }, state: 'waiting' },
    data: { nextAttemptAt: null },
  });
  await world.runDue();
};

/** What waits for the account of an issuer is tried now. */
const rollOn = async (operationId: string) => {
  await behindTheBack(world.db).operation.updateMany({ where: { id: operationId, state: 'waiting' }, data: { nextAttemptAt: null } });
  await world.runDue();
  return world.db.operation.findUniqueOrThrow({ where: { id: operationId } });
};
const keysOf = (slug: string) =>
  world.db.issuer.findUniqueOrThrow({
    where: { slug },
    select: { id: true, keyCiphertext: true, nextKeyId: true, nextKeyCiphertext: true },
  });
const accountOf = async (slug: string): Promise<string | undefined> => {
  const begun = await testIssuer(await sealing(), await keysOf(slug));
  await world.runDue();
  return /^It is (\S+), and valid/.exec((await foundBy(begun.id)).saw.get('account') ?? '')?.[1];
};

test('an account gets another key: it stays the same account, the new key signs, and what is ordered meanwhile waits for it', async () => {
  const before = await keysOf('pebble');
  const account = await accountOf('pebble');
  const begun = await changeIssuerKey(await world.as('platform'), before);
  await expect(changeIssuerKey(await world.as('platform'), before)).rejects.toMatchObject({ code: 'conflict' });
  await world.runDue();
  const made = await keysOf('pebble');
  expect(made.nextKeyId).not.toBeNull();
  expect((await getIssuer(await world.as('app'), before)).keyChange).toMatchObject({ state: 'under-way', operationId: begun.id });

  const hostname = `meanwhile.dev.${zoneApex}`;
  const asked = await world.ask(hostname, { tls: { source: 'acme', challenge: 'dns-01' } });
  await world.runDue();
  expect((await getRequest(await world.as('app'), { id: asked.id })).operation).toMatchObject({
    state: 'waiting',
    reason: 'The account at pebble gets another key, and nothing is asked in its name meanwhile.',
  });

  // Nobody is told that the CA cannot be asked, and nothing is ordered elsewhere.
  expect(await world.db.issuer.count({ where: { slug: 'pebble', unavailableSince: { not: null } } })).toBe(0);
  expect((await orders(hostname)).map(({ issuerId, unavailableSince }) => [issuerId, unavailableSince])).toEqual([[before.id, null]]);

  expect(await rollOn(begun.id)).toMatchObject({ state: 'succeeded' });
  const after = await keysOf('pebble');
  expect([after.keyCiphertext, after.nextKeyId, after.nextKeyCiphertext]).toEqual([made.nextKeyCiphertext, null, null]);
  expect((await getIssuer(await world.as('app'), before)).keyChange).toMatchObject({ state: 'changed' });
  expect([account, await accountOf('pebble')]).toEqual([expect.stringMatching(/^https:/), account]);
  await again(hostname);
  expect((await getRequest(await world.as('app'), { id: asked.id })).state).toBe('applied');
  // The key before is of no account any more.
  await world.db.issuer.update({ where: { slug: 'pebble' }, data: { keyCiphertext: before.keyCiphertext } });
  expect(await accountOf('pebble')).toBeUndefined();
  await world.db.issuer.update({ where: { slug: 'pebble' }, data: { keyCiphertext: after.keyCiphertext } });
});

test('a worker that died after the CA took the new key is followed by one that finds it so; a refusal leaves the key as it was', async () => {
  const begun = await changeIssuerKey(await world.as('platform'), await keysOf('pebble'));
  await world.runDue();
  const { nextKeyId, nextKeyCiphertext } = await keysOf('pebble');
  if (nextKeyId === null || nextKeyCiphertext === null) throw new TypeError('no key was made');
  const opened = await world.worker.issuer(await world.db.issuer.findUniqueOrThrow({ where: { slug: 'pebble' } }));
  await opened.changeKey?.({ keyId: nextKeyId, ciphertext: nextKeyCiphertext }, AbortSignal.timeout(30_000));
  expect(await rollOn(begun.id)).toMatchObject({ state: 'succeeded' });
  const changed = await keysOf('pebble');
  expect(changed.keyCiphertext).toEqual(nextKeyCiphertext);

  const refused = await changeIssuerKey(await world.as('platform'), changed);
  await world.runDue();
  const { nextKeyId: kept } = await keysOf('pebble');
  const issuer = world.worker.issuer;
  let answer = new HostmasterError('issuer-unavailable', 'pebble is not there.');
  const refusing = vi.spyOn(world.worker, 'issuer').mockImplementation(async (row) => ({
    ...(await issuer(row)),
    changeKey: async () => Promise.reject(answer),
  }));
  // Nobody knows what it took: the key that was sent stays the one that is asked for again.
  expect(await rollOn(refused.id)).toMatchObject({ state: 'waiting', reason: 'pebble is not there.' });
  expect([kept, (await keysOf('pebble')).nextKeyId]).toEqual([expect.any(String), kept]);
  answer = new HostmasterError('issuer-refused', 'pebble lets no account be known by another key.');
  expect(await rollOn(refused.id)).toMatchObject({ state: 'failed', reason: 'pebble lets no account be known by another key.' });
  refusing.mockRestore();
  expect(await keysOf('pebble')).toMatchObject({ keyCiphertext: changed.keyCiphertext, nextKeyId: null, nextKeyCiphertext: null });
  expect((await getIssuer(await world.as('app'), changed)).keyChange).toMatchObject({ state: 'failed' });
});

test('an issuer without an account has no key to change, and nobody but a platform admin asks for it', async () => {
  const fresh = await connect('no-account', pebble);
  const platform = await world.as('platform');
  await expect(changeIssuerKey(platform, fresh)).rejects.toMatchObject({
    code: 'unsupported',
    message: 'The issuer no-account has no account yet: it is opened when the first certificate is ordered.',
  });
  await expect(changeIssuerKey(await world.as('app'), fresh)).rejects.toMatchObject({ code: 'forbidden' });
  const here = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  await expect(changeIssuerKey(platform, here)).rejects.toMatchObject({ code: 'unsupported' });
  await world.db.issuer.delete({ where: { slug: 'no-account' } });
});

test('a test before it is kept passes, has no account made and leaves no proof in DNS', async () => {
  const input = issuerTrialOf(kinds).parse({ connection: { kind: 'acme', settings: settingsOf(pebble) }, suffixes: [zoneApex] });
  const begun = await tryIssuer(await sealing(), input);
  await world.runDue();
  const { failed, ok, saw } = await foundBy(begun.id);
  expect([failed, ok]).toEqual([[], true]);
  expect(saw.get('terms')).toContain('Whoever connects it agrees to data:text/plain');
  expect(saw.get('account')).toContain('none is made for a test');
  expect(saw.get(`proof in ${zoneApex}`)).toBe('A proof was written and taken back.');
  expect(await texts(`_acme-challenge.hostmaster-test-${begun.id.slice(-12)}.${zoneApex}`)).toBe('');
});

test('a test of one that has signed finds its account, and one that has not makes none', async () => {
  const used = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'pebble' } });
  const first = await testIssuer(await sealing(), used);
  // Nothing waits for one that signs there.
  const fresh = await connect('fresh', pebble, { suffixes: [`fresh.dev.${zoneApex}`] });
  const second = await testIssuer(await sealing(), fresh);
  await world.runDue();
  expect((await foundBy(first.id)).saw.get('account')).toMatch(/^It is https:\/\/\S+, and valid\.$/);
  expect((await foundBy(second.id)).saw.get('account')).toContain('There is none yet');
  expect(await world.db.issuer.findUniqueOrThrow({ where: { slug: 'fresh' } })).toMatchObject({ keyId: null });
  await world.db.issuer.delete({ where: { slug: 'fresh' } });
});

const retire = async (hostname: string) => {
  await world.send('retire', hostname);
  await world.runDue();
};
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
const orders = (hostname: string) =>
  world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, include: { certificate: true }, orderBy: { createdAt: 'asc' } });
const readZoneAnew = async () => {
  await world.db.zone.updateMany({ data: { syncedAt: new Date(0) } });
  await behindTheBack(world.db).operation.updateMany({ where: { kind: 'zone' }, data: { createdAt: new Date(0) } });
  expect(await startDueZoneSyncs(world.worker, 1)).toBe(1);
  await world.runDue();
};
const acme = { tls: { source: 'acme', challenge: 'dns-01' } } as const;
/** What Pebble says of a certificate, whoever asks. */
const statusAtPebble = async (serial: string): Promise<string> =>
  JSON.parse(await getTrusted(`${pebble.managementUrl}/cert-status-by-serial/${serial.toLowerCase().replace(/^0+/, '')}`, pebble.trust))
    .Status;

test('a name that ends has its certificate revoked by the CA', async () => {
  const hostname = `ends.dev.${zoneApex}`;
  await world.ask(hostname, acme);
  await world.runDue();
  const [order] = await orders(hostname);
  const serial = order?.certificate?.serial ?? '';
  expect(await statusAtPebble(serial)).toBe('Valid');
  await retire(hostname);
  expect([await stateOf(hostname), await statusAtPebble(serial)]).toEqual(['retired', 'Revoked']);
});

test('several names of one certificate, one of them a wildcard, are proved side by side', async () => {
  const hostname = `*.wide.dev.${zoneApex}`;
  await world.db.grant.updateMany({ data: { wildcard: true } });
  const asked = await world.ask(hostname, { tls: { ...acme.tls, extraNames: [`wide.dev.${zoneApex}`] } });
  expect(asked).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
  await world.decide('security', asked);
  await world.runDue();
  const [order] = await orders(hostname);
  expect(order?.certificate?.names).toEqual([hostname, `wide.dev.${zoneApex}`]);
  expect(await texts(`_acme-challenge.wide.dev.${zoneApex}`)).toBe('');
});

test('a challenge that is delegated by an alias is proved where the alias leads, and what others keep there stays', async () => {
  const hostname = `away.dev.${zoneApex}`;
  const target = `away.proofs.${zoneApex}`;
  await writeByHand(world, `_acme-challenge.${hostname}`, [{ type: 'CNAME', ttl: 60, values: [target] }]);
  await writeByHand(world, target, [{ type: 'TXT', ttl: 300, values: ['"kept by hand"'] }]);
  await world.ask(hostname, acme);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
  expect(await texts(target)).toBe('"kept by hand"');
});

test('a challenge that leads out of every connected zone is waited for, with where it leads and who moves next', async () => {
  const hostname = `lost.dev.${zoneApex}`;
  await writeByHand(world, `_acme-challenge.${hostname}`, [{ type: 'CNAME', ttl: 60, values: ['lost.acme.example.net'] }]);
  const asked = await world.ask(hostname, acme);
  await world.runDue();
  const { operation } = await getRequest(await world.as('app'), { id: asked.id });
  expect(operation).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: zoneOwner });
  expect(operation?.reason).toContain(`_acme-challenge.${hostname} is an alias for lost.acme.example.net, which is in no public zone`);
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  const challenges = [{ type: 'dns-01', status: 'pending', problem: null }];
  expect((await lastOrderOf(await world.as('app'), { id })).order, 'as Pebble says it, down to the challenge').toMatchObject({
    state: 'open',
    reference: expect.stringContaining('/my-order/'),
    waitsFor: { movesNext: zoneOwner },
    said: { status: 'pending', problem: null, authorizations: [{ name: hostname, status: 'pending', challenges }] },
  });
  await retire(hostname);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a challenge that another zone shadows is waited for, with which one that is, and is proved once it is gone', async () => {
  const hostname = `shadowed.dev.${zoneApex}`;
  await writeByHand(world, `_acme-challenge.${hostname}`, [{ type: 'NS', ttl: 60, values: ['ns.acme.example.net'] }]);
  const asked = await world.ask(hostname, acme);
  await world.runDue();
  const { operation } = await getRequest(await world.as('app'), { id: asked.id });
  expect(operation).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: zoneOwner });
  expect(operation?.reason).toContain(`since _acme-challenge.${hostname} is delegated to ns.acme.example.net. Connect the zone`);
  await writeByHand(world, `_acme-challenge.${hostname}`, []);
  const looked = async () => {
    await world.runDue();
    return stateOf(hostname);
  };
  await expect.poll(looked).toBe('live');
  await retire(hostname);
});

test('an order that is given up on its way leaves no proof behind', async () => {
  const hostname = `given-up.dev.${zoneApex}`;
  const name = `_acme-challenge.${hostname}`;
  await world.ask(hostname, acme);
  await world.runDue();
  const [order] = await orders(hostname);
  // As a worker leaves it that dies between the two: put, and the order over.
  const proof = { hostname, token: 'left', keyAuthorization: 'left.by-a-worker' };
  for (const method of proofMethods)
    await createProofs(world.worker).put(order?.id ?? '', { method, httpPort: 1, tlsPort: 1 }, [proof], AbortSignal.timeout(10_000));
  expect(await texts(name)).toBe(challengeText('left.by-a-worker'));
  expect(await answerToChallenge(world.db, 'left')).toBe('left.by-a-worker');
  await retire(hostname);
  expect([await stateOf(hostname), await texts(name), await world.db.dnsProof.count()]).toEqual(['retired', '', 0]);
  expect(await answerToChallenge(world.db, 'left')).toBeNull();
});

type HttpAnswer = { status: number; body?: string; location?: string };

/** Where users of the names are led, over plain HTTP, on the port that Pebble asks. */
async function serveHttp(answer: (path: string) => Promise<HttpAnswer>, at = { port: pebble.httpPort, address: '127.0.0.1' }) {
  const server = createServer((request, response) => {
    void answer(request.url ?? '').then(({ status, body, location }) =>
      response.writeHead(status, location === undefined ? {} : { location }).end(body),
    );
  });
  server.listen(at.port, at.address);
  await once(server, 'listening');
  return server;
}
const overHttp = { tls: { source: 'acme', challenge: 'http-01' } } as const;

test('a name whose contract asks for http-01 is proved where DNS leads it, once that passes the path on, and not before', async () => {
  const hostname = `over-http.dev.${zoneApex}`;
  const asked = await world.ask(hostname, overHttp);
  await world.runDue();
  const waiting = async () => (await getRequest(await world.as('app'), { id: asked.id })).operation;
  expect(await waiting()).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: tlsServer });
  expect((await waiting())?.reason).toMatch(
    /^The proof that a CA will ask over-http\.dev\.\S+ for \(http-01\) is not seen there: http:\S+ at 127\.0\.0\.1: connection refused\. Where over-http\.\S+ is served, pass \/\.well-known\/acme-challenge\/ over plain HTTP on to Hostmaster, or choose dns-01/,
  );
  let passesOn = false;
  const server = await serveHttp(async (path) => {
    const [, moved] = /^\/moved\/(.+)$/.exec(path) ?? [];
    // Redirected once, as many an edge does with all that is plain.
    if (moved === undefined) return { status: 302, location: `/moved/${path.slice(challengePath.length)}` };
    const body = passesOn ? await answerToChallenge(world.db, moved) : null;
    return body === null ? { status: 404 } : { status: 200, body };
  });
  try {
    await again(hostname);
    expect((await waiting())?.reason).toMatch(/is not seen there: http:\S+\/moved\/\S+ at 127\.0\.0\.1 answers 404\./);
    passesOn = true;
    await again(hostname);
    expect(await stateOf(hostname)).toBe('live');
    expect([await texts(`_acme-challenge.${hostname}`), await world.db.httpProof.count()]).toEqual(['', 0]);
  } finally {
    server.close();
  }
});

test('a CA whose resolver leads a whole subdomain to one service is proved to there, whatever everybody else sees', async () => {
  // As a laboratory has it: whoever develops sees the name at one address, the CA every name of the subdomain at the service that answers.
  const suffix = `lab.dev.${zoneApex}`;
  const rewritten = `${smallZone(suffix)}* CNAME service\nservice A 127.0.0.2\n`;
  const resolver = await startDnsServer('bind', { zones: { [suffix]: rewritten }, tsig: world.tsig });
  const inside = await startPebble({ nameServer: `${resolver.address}:${resolver.port}` });
  const settings = { ...settingsOf(inside), resolver: `${resolver.address}:${resolver.port}` };
  const input = { slug: 'laboratory', connection: { kind: 'acme', settings }, untested: true };
  await connectIssuer(await sealing(), issuerInputOf(kinds).parse({ ...input, ...(await said('Laboratory', inside)), suffixes: [suffix] }));
  const service = await serveHttp(
    async (path) => {
      const body = await answerToChallenge(world.db, path.slice(challengePath.length));
      return body === null ? { status: 404 } : { status: 200, body };
    },
    { port: inside.httpPort, address: '127.0.0.2' },
  );
  try {
    const hostname = `shop.${suffix}`;
    await world.ask(hostname, overHttp);
    await world.runDue();
    expect(await stateOf(hostname)).toBe('live');
    const [certificate] = await world.db.certificate.findMany({ where: { endpoint: { hostname } }, include: { issuer: true } });
    expect(certificate).toMatchObject({ state: 'served', issuer: { slug: 'laboratory' } });
  } finally {
    service.close();
    await inside.stop();
    await resolver.stop();
  }
  await stopIssuer(await world.as('platform'), await world.db.issuer.findUniqueOrThrow({ where: { slug: 'laboratory' } }));
});

test('an issuer that is stopped is asked for nothing new: a renewal waits and says for whom, and resumed, it signs', async () => {
  const hostname = `stopped.dev.${zoneApex}`;
  await world.ask(hostname, acme);
  await world.runDue();
  const platform = await world.as('platform');
  const issuer = await world.db.issuer.findFirstOrThrow({ where: { slug: 'pebble' } });
  await stopIssuer(platform, issuer);
  await expect(world.ask(`new.dev.${zoneApex}`, acme)).rejects.toMatchObject({ violations: [{ rule: 'tls-issuer-connected' }] });
  await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(0) } });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
  const { operation } = await world.view(hostname);
  expect(operation).toMatchObject({
    state: 'waiting',
    step: 'certificate-issued',
    reason: `pebble may sign for ${hostname}, and is stopped: nothing is ordered from it before a platform admin resumes it.`,
    movesNext: operator,
  });
  expect(await orders(hostname)).toHaveLength(1);
  await resumeIssuer(platform, issuer);
  await again(hostname);
  expect((await orders(hostname)).map(({ state, certificate }) => [state, certificate?.state])).toEqual([
    ['issued', 'superseded'],
    ['issued', 'served'],
  ]);
});

test('a CA that takes accounts alone that it knows is waited for until it is given the key, and is then asked on', async () => {
  const [externalKeyId, secret] = ['kid-1', randomBytes(32).toString('base64url')];
  const bound = await startPebble({
    nameServer: `${world.server.address}:${world.server.port}`,
    externalAccounts: { [externalKeyId]: secret },
  });
  try {
    const issuer = await connect('bound', bound);
    const hostname = `bound.dev.${zoneApex}`;
    const asked = await world.ask(hostname, acme);
    await world.runDue();
    const { operation } = await getRequest(await world.as('app'), { id: asked.id });
    expect(operation).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: operator });
    expect(operation?.reason).toContain('bound takes accounts alone that it knows already');
    const connection = { kind: 'acme', settings: { ...settingsOf(bound), externalKeyId }, secret };
    const change = { id: issuer.id, version: issuer.version, connection, untested: true, ...(await said('Bound', bound)) };
    await updateIssuer(await sealing(), issuerChangeOf(kinds).parse(change));
    await again(hostname);
    expect(await stateOf(hostname)).toBe('live');
    expect((await orders(hostname)).map(({ state, issuerId }) => [state, issuerId])).toEqual([['issued', issuer.id]]);
    // Whatever is ordered from here on is for the other one again.
    await stopIssuer(await world.as('platform'), issuer);
  } finally {
    await bound.stop();
  }
});

test('a proof that a CA asks for in two orders stands until both are over', async () => {
  const [hostname, other] = [`twice.dev.${zoneApex}`, `besides.dev.${zoneApex}`];
  const name = `_acme-challenge.${hostname}`;
  await world.ask(hostname);
  await world.ask(other);
  await world.runDue();
  const both = [...(await orders(hostname)), ...(await orders(other))].map(({ id }) => id);
  const proofs = createProofs(world.worker);
  const signal = AbortSignal.timeout(10_000);
  const proof = { hostname, token: 'shared', keyAuthorization: 'shared.by-both' };
  for (const id of both) await proofs.put(id, { method: 'dns-01', httpPort: 80, tlsPort: 443 }, [proof], signal);
  const left: string[] = [];
  for (const id of both) {
    await proofs.takeBack(id, signal);
    left.push(await texts(name));
  }
  expect([left, await world.db.dnsProof.count()]).toEqual([[challengeText('shared.by-both'), ''], 0]);
});

test('a name server that takes no proof back keeps no certificate waiting; the next reading of the zone takes it back', async () => {
  const hostname = `stuck.dev.${zoneApex}`;
  const name = `_acme-challenge.${hostname}`;
  const front = await startDnsFront(world.server, world.tsig);
  const through = ({ address, port }: { address: string; port: number }) =>
    connectAnew(world, { primary: { address, port }, tsig: { name: world.tsig.name, algorithm: world.tsig.algorithm } });
  await through(front);
  let written = 0;
  front.behave((asked) => {
    if (!isUpdate(asked) || !asked.authorities.some(({ type }) => type === typeCodes.TXT)) return 'forward';
    written += 1;
    return written === 1 ? 'forward' : rcodes.SERVFAIL;
  });
  await world.ask(hostname, acme);
  await world.runDue();
  expect([await stateOf(hostname), await texts(name)]).toEqual(['live', expect.stringMatching(/^"[^"]{43}"$/)]);

  front.behave(forward);
  await readZoneAnew();
  expect([await texts(name), await world.db.dnsProof.count()]).toEqual(['', 0]);
  await through(world.server);
  await front.stop();
});

test('a change that is cancelled while its order waits leaves no proof behind', async () => {
  const hostname = `changed-mind.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  const { askServers } = world.worker.prober;
  // One of the servers does not answer proofs.
  const lagging = vi.spyOn(world.worker.prober, 'askServers').mockImplementation(async (servers, name, type, signal) => {
    const answers = await askServers(servers, name, type, signal);
    return type === 'TXT' ? answers.map((answer) => ({ ...answer, values: [] })) : answers;
  });
  const { id } = await world.send('change', hostname, acme);
  await world.runDue();
  expect(await texts(`_acme-challenge.${hostname}`)).not.toBe('');
  lagging.mockRestore();
  await cancelRequest(await world.as('app'), { id });
  await world.runDue();
  await readZoneAnew();
  expect([await orders(hostname), await texts(`_acme-challenge.${hostname}`), await world.db.dnsProof.count()]).toEqual([
    [expect.objectContaining({ state: 'issued' }), expect.objectContaining({ state: 'abandoned' })],
    '',
    0,
  ]);
});

test('a proof that others write over again and again is waited for: what was approved has not moved', async () => {
  const hostname = `busy.dev.${zoneApex}`;
  const name = `_acme-challenge.${hostname}`;
  const { dnsProvider } = world.worker;
  let others = 0;
  const busy = vi.spyOn(world.worker, 'dnsProvider').mockImplementation((connection) => {
    const provider = dnsProvider(connection);
    const apply: typeof provider.apply = async (changes, signal) => {
      others += 1;
      if (changes.some(({ type }) => type === 'TXT')) await writeByHand(world, name, [{ type: 'TXT', ttl: 60, values: [`"${others}"`] }]);
      await provider.apply(changes, signal);
    };
    return { readZone: (signal) => provider.readZone(signal), readName: (at, signal) => provider.readName(at, signal), apply };
  });
  const asked = await world.ask(hostname, acme);
  await world.runDue();
  busy.mockRestore();
  const { state, operation } = await getRequest(await world.as('app'), { id: asked.id });
  expect([state, operation?.state, operation?.reason]).toEqual(['approved', 'waiting', expect.stringContaining(`TXT records of ${name}`)]);
});
