// "Never in a job, a log, an audit event or an API answer": after the journeys, everything that was stored and everything
// that was printed is searched for every secret, in every form in which it could have slipped through.
import { createPrivateKey } from 'node:crypto';
import { startFakeVault } from '@hostmaster/adapters/testing/vault/fake-vault';
import { settingsOf } from '@hostmaster/adapters/testing/vault/ground';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { issuerInputOf } from '@hostmaster/core/contract/issuer';
import { splitPem } from '@hostmaster/core/pki/chain';
import { accountKeyContext } from '@hostmaster/core/pki/key-store';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { createRequest } from '@hostmaster/usecases/request/create';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { createToken } from '@hostmaster/usecases/token/create';
import { testZone } from '@hostmaster/usecases/zone/test-connection';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWorker, startWorkerProcess, type WorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

let world: World;
let worker: WorkerProcess;
beforeAll(async () => {
  buildWorker();
  world = await createWorld();
  const kek = Buffer.from(world.env.kek).toString('base64');
  const environment = environmentOf(world.databaseUrl, kek, world.env.HOSTMASTER_EDGE_DIRECTORY ?? '');
  worker = startWorkerProcess(environment, 'debug');
  await worker.ready;
}, 60_000);
afterAll(async () => {
  await worker?.kill('SIGKILL');
  await world.close();
});

/** A secret as bytes, in the forms that text and dumps would hold: raw, base64 of either alphabet, hex. */
function formsOf(secret: Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [bytes.toString('hex'), base64, bytes.toString('base64url'), base64.match(/.{1,64}/g)?.[1] ?? base64];
}

/** The private scalar alone (SEC 1), which every encoding of the key contains. */
function scalarOf(pkcs8: Uint8Array): Uint8Array {
  const { d } = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  return Buffer.from(d ?? '', 'base64url');
}

/** Every row of every table of every schema, as text; bytes as hex. */
async function dump(): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: world.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const tables = new Map<string, string>();
    for (const { name } of rows) {
      const { rows: found } = await client.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM ${name} t`);
      tables.set(name, found.map(({ text }) => text).join('\n'));
    }
    return tables;
  } finally {
    await client.end();
  }
}

const accountKey = async (slug: string) => {
  const { keyId, keyCiphertext } = await world.db.issuer.findUniqueOrThrow({ where: { slug } });
  return { keyId: keyId ?? '', ciphertext: keyCiphertext ?? new Uint8Array() };
};

const live = (hostnames: readonly string[]) =>
  expect
    .poll(() => world.db.endpoint.count({ where: { hostname: { in: [...hostnames] }, state: 'live' } }), { timeout: 30_000 })
    .toBe(hostnames.length);

test('no row, job, audit event or line of the log holds a secret', async () => {
  // The journeys: a self-serve name, a reviewed one, a connection test, a failure with everything it logs, a change, an end.
  const [selfServe, reviewed] = [`self.dev.${zoneApex}`, `login.prod.${zoneApex}`];
  const { token } = await createToken(await world.as('app'), {
    name: 'ci',
    scopes: ['requests:write'],
    teams: ['order-platform'],
    days: 1,
  });
  await world.ask(selfServe);
  const request = await world.ask(reviewed);
  const review = { id: request.id, decision: 'approve' as const, reason: 'Looked at it.', planHash: request.plan.hash };
  await reviewRequest(await world.as('security'), review);
  await live([selfServe, reviewed]);
  const zone = await world.db.zone.findFirstOrThrow();
  await testZone(await world.as('platform'), { id: zone.id });
  const wrongSecret = Buffer.from('a wrong secret, thirty-two bytes');
  const wrong = await world.keyStore.seal(wrongSecret, `zone:${zone.id}:tsig`);
  await world.db.zone.update({ where: { id: zone.id }, data: { secretCiphertext: Buffer.from(wrong.ciphertext) } });
  const failing = await world.ask(`failing.dev.${zoneApex}`);
  await expect
    .poll(async () => (await world.db.operation.findFirst({ where: { requestId: failing.id } }))?.error, { timeout: 30_000 })
    .toMatchObject({ code: 'dns-bad-key' });
  await world.db.zone.update({ where: { id: zone.id }, data: { secretCiphertext: zone.secretCiphertext } });
  // A CA that is not there: the worker opens what it gave, makes a key for the account, and logs that nobody answers.
  const hmacKey = Buffer.from('what a CA gave, thirty-two octets');
  const settings = { directory: 'https://127.0.0.1:1/directory', addresses: '127.0.0.0/8', externalKeyId: 'kid-1' };
  const connection = { kind: 'acme', settings, secret: hmacKey.toString('base64url') };
  const issuer = { slug: 'away', name: 'Away', suffixes: [zoneApex], connection, untested: true };
  const platform = { ...(await world.as('platform')), sealer: world.keyStore };
  await connectIssuer(platform, issuerInputOf([...platform.issuerKinds.values()]).parse(issuer));
  const unsigned = await world.ask(`unsigned.dev.${zoneApex}`, { tls: { source: 'acme', challenge: 'dns-01' } });
  await expect
    .poll(async () => (await world.db.operation.findFirst({ where: { requestId: unsigned.id } }))?.error, { timeout: 30_000 })
    .toMatchObject({ code: 'issuer-unavailable' });
  // A Vault that does not know what it was given, and repeats it in its words.
  const fake = await startFakeVault({ suffixes: [zoneApex] });
  const secretId = 'what-a-vault-gave-and-knows-no-more';
  const vault = { kind: 'vault', settings: settingsOf(fake), secret: secretId };
  const input = { slug: 'repeats', name: 'Repeats', suffixes: [zoneApex], connection: vault, untested: true };
  await connectIssuer(platform, issuerInputOf([...platform.issuerKinds.values()]).parse(input));
  const repeated = await world.ask(`repeated.dev.${zoneApex}`, { tls: { source: 'vault' } });
  await expect
    .poll(async () => (await world.db.operation.findFirst({ where: { requestId: repeated.id } }))?.reason, { timeout: 30_000 })
    .toContain('invalid role or secret ID');
  expect(JSON.stringify(fake.asked)).toContain(secretId);
  await fake.close();
  const contract = endpointContract.parse({ hostname: selfServe, team: 'order-platform', target: { addresses: ['127.0.0.1'] } });
  await createRequest(await world.as('app'), { kind: 'retire', contract });
  await expect
    .poll(async () => (await world.db.endpoint.findFirst({ where: { hostname: selfServe } }))?.state, { timeout: 30_000 })
    .toBe('retired');

  const secrets = new Map<string, string[]>([
    ['the TSIG secret', formsOf(Buffer.from(world.tsig.secret, 'base64'))],
    ['another TSIG secret', formsOf(wrongSecret)],
    ['the HMAC key of an external account', formsOf(hmacKey)],
    ['a secret id of Vault', [secretId, ...formsOf(Buffer.from(secretId))]],
    ['the key of an account at a CA', formsOf(scalarOf(world.keyStore.unwrapKey(await accountKey('away'), accountKeyContext('away'))))],
    ['the key-encryption key', formsOf(world.env.kek)],
    ['a service token', [token, ...formsOf(Buffer.from(token))]],
    ['a private key in PEM', ['PRIVATE KEY']],
  ]);
  for (const row of await world.db.certificateOrder.findMany()) {
    const pkcs8 = world.keyStore.unwrapKey(
      { keyId: row.keyId ?? '', ciphertext: row.keyCiphertext ?? new Uint8Array() },
      `leaf-key:${row.id}`,
    );
    secrets.set(`the key of ${row.names[0]} ${row.id}`, [...formsOf(pkcs8), ...formsOf(scalarOf(pkcs8))]);
  }
  expect(secrets.size).toBeGreaterThan(6);

  const tables = await dump();
  expect(tables.size).toBeGreaterThan(20);
  // The search sees what is there, or its silence would mean nothing: the chain, the ciphertext, the jobs, the audit trail.
  const everything = [...tables.values()].join('\n');
  const [certificate] = await world.db.certificate.findMany({ where: { names: { has: reviewed } }, include: { order: true } });
  const leaf = splitPem(certificate?.chainPem ?? '')[0] ?? new Uint8Array();
  expect(everything).toContain(Buffer.from(leaf).toString('base64').slice(0, 40));
  expect(everything).toContain(Buffer.from(certificate?.order.keyCiphertext ?? '').toString('hex'));
  expect(everything).toContain('certificate.issue');
  expect(worker.printed()).toContain('dns-bad-key');
  await worker.kill('SIGTERM');

  const found = [...secrets].flatMap(([what, forms]) =>
    [...tables, ['the log', worker.printed()] as const].flatMap(([where, text]) =>
      forms.some((form) => text.includes(form)) ? [`${what} in ${where}`] : [],
    ),
  );
  expect(found).toEqual([]);
});
