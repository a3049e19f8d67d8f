// What the two processes may not do in the database, tried with their own roles: a law about rights is worth what the
// server itself refuses.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableAccess } from './access.ts';
import { actingDb } from './acting.ts';
import { appendAudit } from './audit.ts';
import { openDb } from './client.ts';
import { startOperation } from './operation.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let admin = '';
const clients = new Map<string, pg.Client>();
beforeAll(async () => {
  ground = await createGround();
  await ground.db.zone.updateMany({ data: { secretKeyId: 'worker', secretCiphertext: Buffer.from('sealed') } });
  for (const kind of ['acme', 'imported', 'internal-ca', 'internal-root']) {
    const sealed = { secretKeyId: 'worker', secretCiphertext: Buffer.from('sealed') };
    await ground.db.issuer.create({
      data: { slug: kind, kind, name: kind, chainPem: '', permittedSuffixes: [], ...(kind === 'acme' ? sealed : {}) },
    });
  }
  const wish = { kind: 'zone', purpose: 'read', subject: 'under way', reason: 'Asked.' } as const;
  await transact(ground.db, (tx) => startOperation(tx, wish, new Date()));
  for (const [role, url] of [
    ['web', ground.webUrl],
    ['worker', ground.workerUrl],
  ] as const) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.set(role, client);
  }
  // What nobody may, an administrator may not either.
  const roles = ['platform-admin', 'security-reviewer', 'auditor'];
  admin = (await ground.db.person.create({ data: { name: 'admin', email: 'admin@example.test', roles } })).id;
  await as('web').query(`SELECT set_config('hostmaster.actor', $1, false)`, [`person:${admin}`]);
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await ground.close();
});

const as = (role: 'web' | 'worker') => {
  const client = clients.get(role);
  if (client === undefined) throw new TypeError('not connected');
  return client;
};

it('every table has its row of rights, and no row is of a table that is gone', async () => {
  const tables = await ground.db.$queryRaw<{ name: string }[]>`
    SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(tableAccess).sort());
});

it('no function that runs as the owner looks first at what its caller has put into a temporary schema', async () => {
  const functions = await ground.db.$queryRaw<{ name: string; settings: string[] | null }[]>`
    SELECT proname::text AS name, proconfig AS settings FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace`;
  expect(functions.length).toBeGreaterThan(5);
  for (const { name, settings } of functions) expect(settings, name).toEqual(['search_path=pg_catalog, public, pg_temp']);
});

describe('the portal', () => {
  it.each([
    [
      'writes a revision',
      `INSERT INTO endpoint_revision (endpoint_id, number, contract, record_sets, plan, request_id) SELECT id, 9, '{}', '[]', '{}', id FROM endpoint`,
    ],
    ['changes a revision', `UPDATE endpoint_revision SET record_sets = '[]'`],
    ['moves an endpoint', `UPDATE endpoint SET state = 'live'`],
    ['gives an endpoint to another team', 'UPDATE endpoint SET team_id = team_id'],
    ['makes an endpoint', 'INSERT INTO endpoint SELECT * FROM endpoint'],
    ['makes a table that stands in the place of another', 'CREATE TEMPORARY TABLE audit_event (seq bigint)'],
    ['says that work succeeded', `UPDATE operation SET state = 'succeeded'`],
    ['writes what work found', `UPDATE operation SET result = '{}'`],
    ['writes an error of work', `UPDATE operation SET error = '{}'`],
    ['takes a fence', 'UPDATE operation SET fence = fence + 1'],
    ['makes a certificate', 'INSERT INTO certificate SELECT * FROM certificate'],
    ['revokes a certificate', `UPDATE certificate SET state = 'revoked'`],
    ['takes back that somebody asked to revoke one', 'DELETE FROM revocation_request'],
    ['says something else of it', `UPDATE revocation_request SET comment = 'x'`],
    ['says that a campaign took a certificate up', 'INSERT INTO campaign_certificate SELECT * FROM campaign_certificate'],
    ['changes what a campaign is for', `UPDATE campaign SET scope = '{}'`],
    ['changes what a campaign does', `UPDATE campaign SET action = 'revoke', reason = 'superseded'`],
    ['forgets a campaign', 'DELETE FROM campaign'],
    ['calls for a renewal', 'UPDATE certificate SET renew_after = now()'],
    ['unrevokes a certificate', `UPDATE certificate SET state = 'served'`],
    ['orders a certificate', 'INSERT INTO certificate_order SELECT * FROM certificate_order'],
    ['reads a leaf’s wrapped key', 'SELECT key_ciphertext FROM certificate_order'],
    ['reads everything of an order', 'SELECT * FROM certificate_order'],
    ['makes an issuer', 'INSERT INTO issuer SELECT * FROM issuer'],
    ['reads a CA’s wrapped key', 'SELECT key_ciphertext FROM issuer'],
    ['reads an issuer’s sealed secret', 'SELECT secret_ciphertext FROM issuer'],
    ['gives an issuer a key', `UPDATE issuer SET key_id = 'x', key_ciphertext = 'x'`],
    [
      'connects an issuer with a key',
      `INSERT INTO issuer (id, slug, kind, name, chain_pem, key_id, key_ciphertext) VALUES (gen_random_uuid(), 'x', 'acme', 'x', '', 'x', 'x')`,
    ],
    ...['imported', 'internal-ca', 'internal-root'].map((kind) => [
      `makes an issuer of the kind ${kind}`,
      `INSERT INTO issuer (id, slug, kind, name, chain_pem) VALUES (gen_random_uuid(), 'x', '${kind}', 'x', '')`,
    ]),
    ['makes an issuer one of another kind', `UPDATE issuer SET kind = 'acme'`],
    ['gives an issuer another short name', 'UPDATE issuer SET slug = slug'],
    ['publishes a list of revoked certificates', `UPDATE revocation_list SET der = 'x', number = number + 1`],
    ['publishes a list that there was not', 'INSERT INTO revocation_list SELECT * FROM revocation_list'],
    ['takes a list away', 'DELETE FROM revocation_list'],
    ['answers for a certificate what no worker signed', `UPDATE ocsp_response SET sha1 = 'x', sha256 = 'x'`],
    ['leaves a certificate without an answer', 'DELETE FROM ocsp_response'],
    ['reads the wrapped key that signs OCSP responses', 'SELECT key_ciphertext FROM ocsp_signer'],
    ['gives OCSP another signer', `UPDATE ocsp_signer SET key_ciphertext = 'x'`],
    ['has a root sign', `UPDATE issuer SET state = 'active'`],
    ['puts an issuer below a root', 'UPDATE issuer SET root_id = id'],
    ['reads the wrapped key of a CA that waits to be signed', 'SELECT key_ciphertext FROM authority_request'],
    ['makes a CA that waits to be signed', 'INSERT INTO authority_request SELECT * FROM authority_request'],
    ['drops a CA that waits to be signed', 'DELETE FROM authority_request'],
    ['reads the key of a CA that somebody brought', 'SELECT secret_ciphertext FROM authority_change'],
    ['changes what somebody asked of the CA', `UPDATE authority_change SET act = 'withdraw-root'`],
    ['forgets who fetched the roots', 'DELETE FROM bundle_fetch'],
    ['leads an issuer’s secret to another address', `UPDATE issuer SET settings = '{"directory":"x"}'`],
    ['reads a zone’s sealed secret', 'SELECT secret_ciphertext FROM zone'],
    ['leads a zone’s secret to another address', `UPDATE zone SET connection = '{}'`],
    ['hands a zone’s secret to another kind of provider', `UPDATE zone SET provider = 'other', secret_key_id = 'other'`],
    [
      'leads a zone’s secret elsewhere by writing it anew as it is',
      `UPDATE zone SET connection = '{}', secret_ciphertext = secret_ciphertext`,
    ],
    ['gives a zone another name', `UPDATE zone SET apex = 'x.example.test'`],
    ['says that a zone was read', 'UPDATE zone SET synced_at = now(), sync_error = NULL'],
    ['changes what an exception lifts', 'UPDATE policy_exception SET rule = rule'],
    ['changes who answers for an exception', 'UPDATE policy_exception SET by = by'],
    ['removes an exception', 'DELETE FROM policy_exception'],
    ['gives an environment another slug', 'UPDATE environment SET slug = slug'],
    ['gives a cluster another slug', 'UPDATE cluster SET slug = slug'],
    ['reads the worker’s private key', 'SELECT private_ciphertext FROM worker_key'],
    ['makes a key of the worker', 'INSERT INTO worker_key SELECT * FROM worker_key'],
    ['says that a worker lives', `INSERT INTO worker_heartbeat (id, host, pid) VALUES (gen_random_uuid(), 'x', 1)`],
    ['says that a silent worker was seen', 'UPDATE worker_heartbeat SET last_seen_at = now()'],
    ['forgets a worker', 'DELETE FROM worker_heartbeat'],
    ['says what a server answered', 'INSERT INTO observation SELECT * FROM observation'],
    ['says what a zone holds', 'DELETE FROM zone_record_set'],
    ['rewrites the audit trail', `UPDATE audit_event SET action = 'nothing'`],
    ['cuts the audit trail', 'DELETE FROM audit_event'],
    ['empties the audit trail', 'TRUNCATE audit_event'],
    ['switches the audit trigger off', 'ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['switches row-level security off', 'ALTER TABLE operation DISABLE ROW LEVEL SECURITY'],
    ['says who asked for something', 'UPDATE request SET asker_name = asker_name'],
    ['changes what was asked for', `UPDATE request SET contract = '{}'`],
    ['makes a table', 'CREATE TABLE mine (n int)'],
    ['reads the migrations', 'SELECT * FROM _prisma_migrations'],
    ['becomes the owner', 'SET ROLE hostmaster'],
    ['becomes the worker', 'SET ROLE hostmaster_worker'],
  ])('never %s', async (_, sql) => {
    await expect(as('web').query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^42501$/) });
  });

  it('leads a zone elsewhere with a secret of its own, and changes what else was said of it', async () => {
    await as('web').query('BEGIN');
    await as('web').query(`UPDATE zone SET servers = '[]', allowed_ranges = '{10.0.0.0/8}'`);
    const { rowCount } = await as('web').query(`UPDATE zone SET connection = '{}', secret_ciphertext = 'new'`);
    await as('web').query('ROLLBACK');
    expect(rowCount).toBe(1);
  });

  it('changes, stops and removes an issuer that somebody connected, and stops and resumes one that is made here or noted for what was brought', async () => {
    const tried = async (sql: string) => {
      await as('web').query('BEGIN');
      try {
        return (await as('web').query<{ kind: string }>(`${sql} RETURNING kind`)).rows.map(({ kind }) => kind);
      } finally {
        await as('web').query('ROLLBACK');
      }
    };
    const connected = `WHERE kind = 'acme'`;
    const changed = `UPDATE issuer SET settings = '{"directory":"x"}', secret_key_id = NULL, secret_ciphertext = NULL, permitted_suffixes = '{x}'`;
    expect(await tried(`${changed} ${connected}`)).toEqual(['acme']);
    expect(await tried('DELETE FROM issuer')).toEqual(['acme']);
    expect((await tried('UPDATE issuer SET stopped_at = now()')).toSorted()).toEqual([
      ...['acme', 'imported', 'internal-ca', 'internal-root'],
    ]);
    for (const kind of ['imported', 'internal-ca', 'internal-root'])
      for (const set of [`permitted_suffixes = '{x}'`, `chain_pem = 'x'`, `name = 'x', stopped_at = now()`, 'version = version + 1'])
        await expect(tried(`UPDATE issuer SET ${set} WHERE kind = '${kind}'`), set).rejects.toThrow(/stops and resumes the CAs/);
  });

  it('never removes a zone in which a name stands', async () => {
    await expect(as('web').query('DELETE FROM zone')).rejects.toMatchObject({ constraint: 'endpoint_stands_in_a_zone' });
  });

  it('begins work as new work and nothing else', async () => {
    const portal = openDb(ground.webUrl, { connections: 2, acting: true });
    const web = actingDb(portal, { kind: 'person', id: admin });
    const { zoneId } = ground;
    const wish = { kind: 'zone', purpose: 'test', subject: `zone-test:${zoneId}`, zoneId, reason: 'Asked.' } as const;
    const event = { action: 'zone.test', subjectKind: 'zone', subjectId: zoneId, subject: 'x', detail: {} };
    const begin = () =>
      transact(web, async (tx) => {
        const begun = await startOperation(tx, wish, new Date());
        await appendAudit(tx, { ...event, at: new Date(), actorKind: 'person', actorId: admin, actorName: 'x' });
        return begun;
      });
    const first = await begin();
    const second = await begin();
    await portal.$disconnect();
    expect([first?.generation, second?.generation]).toEqual([1, 2]);
    expect(await ground.db.operation.findUnique({ where: { id: first?.id ?? '' } })).toMatchObject({ state: 'superseded' });
    const row = `INSERT INTO operation (id, kind, purpose, subject, generation, step, reason, moves_next, zone_id, state, attempts, fence, trail, hurried)`;
    for (const born of [
      `'running', 0, 0, '[]', false`,
      `'pending', 0, 7, '[]', false`,
      `'pending', 3, 0, '[]', false`,
      `'pending', 0, 0, '[{"step": "admitted"}]', false`,
      `'pending', 0, 0, '[]', true`,
    ])
      await expect(
        as('web').query(
          `${row} VALUES (gen_random_uuid(), 'zone', 'read', 'zone:${zoneId}', 1, 'read', 'Forged.', 'nobody', '${zoneId}', ${born})`,
        ),
      ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the worker', () => {
  it.each([
    ['makes a person', `INSERT INTO person (id, email, name) VALUES (gen_random_uuid(), 'x@example.test', 'X')`],
    ['gives somebody a role', `UPDATE person SET roles = '{platform-admin}'`],
    ['makes a token', 'INSERT INTO service_token SELECT * FROM service_token'],
    ['gives a team a suffix', 'INSERT INTO "grant" SELECT * FROM "grant"'],
    ['records an exception', 'INSERT INTO policy_exception SELECT * FROM policy_exception'],
    ['prolongs an exception', 'UPDATE policy_exception SET until = until'],
    ['changes an environment', `UPDATE environment SET name = 'x'`],
    ['removes an environment', 'DELETE FROM environment'],
    ['makes a cluster', 'INSERT INTO cluster SELECT * FROM cluster'],
    ['changes where a cluster is', `UPDATE cluster SET hostname = 'x'`],
    ['reviews', 'INSERT INTO review SELECT * FROM review'],
    ['asks for something', 'INSERT INTO request SELECT * FROM request'],
    ['changes what was asked for', `UPDATE request SET contract = '{}'`],
    ['approves', 'UPDATE request SET decided_at = now()'],
    ['rewrites the audit trail', `UPDATE audit_event SET action = 'nothing'`],
    ['cuts the audit trail', 'DELETE FROM audit_event'],
    ['switches the audit trigger off', 'ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['says that it has begun at another time', 'UPDATE worker_heartbeat SET started_at = now()'],
    ['changes a revision that was approved', `UPDATE endpoint_revision SET record_sets = '[]'`],
    ['becomes the owner', 'SET ROLE hostmaster'],
  ])('never %s', async (_, sql) => {
    await expect(as('worker').query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});
