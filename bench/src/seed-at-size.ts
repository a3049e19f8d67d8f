// An installation as it is after years: made from one endpoint, as a worker leaves it, by copying its rows within the database.
import type { Db } from '@hostmaster/db/client';
import { openDb } from '@hostmaster/db/client';
import type { Harness } from '@hostmaster/usecases/testing/harness';

export type Size = { readonly teams: number; readonly endpoints: number; readonly certificates: number; readonly recordSets: number };

export type AtSize = {
  readonly zoneId: string;
  readonly apex: string;
  /** Slug of a team that has as many endpoints as the others. */
  readonly team: string;
  readonly endpointId: string;
  readonly serial: string;
};

const apex = 'size.example.test';

/** One endpoint with all that belongs to it; the others are its copies. */
async function makeTemplate({ build, db, clock }: Harness): Promise<{ readonly id: string; readonly zoneId: string }> {
  const team = await build.team('team-0');
  const zone = await build.zone({ apex, team });
  const endpoint = await build.endpoint({ hostname: `template.${apex}`, team, zone, changedAt: clock.now() });
  const serial = 'F00D000000000000';
  await build.certificates([{ endpoint, serial }]);
  await build.observations([{ id: endpoint.id, serial }]);
  const trail = ['admitted', 'records-applied', 'records-verified', 'certificate-issued', 'certificate-served', 'reachable'];
  await db.operation.create({
    data: {
      ...{ kind: 'endpoint', purpose: 'revision', subject: `endpoint:${endpoint.id}`, generation: 1, endpointId: endpoint.id },
      ...{ state: 'succeeded', step: 'reachable', reason: '192.0.2.10:443 answered with status 200 in 3 ms.', movesNext: 'hostmaster' },
      trail: trail.map((step) => ({ step, state: 'done', at: clock.now().toISOString(), message: 'As it should be.' })),
      ...{ finishedAt: clock.now(), createdAt: clock.now() },
    },
  });
  return { id: endpoint.id, zoneId: zone.id };
}

/** The columns of a table, each from the template's row but for those that are said. */
async function copyOf(admin: Db, table: string, from: string, said: Readonly<Record<string, string>>): Promise<string> {
  const columns = await admin.$queryRaw<{ column_name: string }[]>`
    SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ${table} ORDER BY ordinal_position`;
  const names = columns.map(({ column_name: name }) => `"${name}"`).join(', ');
  const values = columns.map(({ column_name: name }) => said[name] ?? `t."${name}"`).join(', ');
  return `INSERT INTO "${table}" (${names}) SELECT ${values} FROM ${from}`;
}

/** Ids that say what they are of, so that rows find each other without a table of ids. */
const idOf = (kind: number, n: string): string => `lpad(to_hex(${kind}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0')`;
const uuidOf = (kind: number, n: string): string => `(${idOf(kind, n)})::uuid`;

/** Fills the database; takes a minute or two at the full size. */
export async function seedAtSize(harness: Harness, size: Size): Promise<AtSize> {
  const template = await makeTemplate(harness);
  const admin = openDb(harness.adminUrl, { connections: 1 });
  const run = (sql: string) => admin.$executeRawUnsafe(sql);
  const copies = async (table: string, where: string, count: number, said: Readonly<Record<string, string>>) =>
    run(await copyOf(admin, table, `"${table}" t, generate_series(1, ${count}) AS n WHERE ${where}`, said));
  const host = `'o' || n || '.svc' || (n % 977) || '.${apex}'`;
  const team = uuidOf(1, `n % ${size.teams}`);
  const { endpoints } = size;
  try {
    // Nothing that was copied needs to be judged again.
    await run('SET session_replication_role = replica');
    await run(
      `INSERT INTO team (id, slug, name) SELECT ${uuidOf(1, 'n')}, 'owners-' || n, 'Owners ' || n FROM generate_series(0, ${size.teams - 1}) AS n`,
    );
    const age = `now() - (n % 100000) * interval '7 minutes'`;
    const state = `(CASE WHEN n % 5000 = 0 THEN 'degraded' WHEN n % 9000 = 1 THEN 'pending' WHEN n % 40 = 3 THEN 'retired' ELSE 'live' END)::endpoint_state`;
    const environment = `(ARRAY['dev', 'staging', 'prod'])[1 + n % 3]`;
    await copies('endpoint', `t.id = '${template.id}'`, endpoints, {
      ...{ id: uuidOf(2, 'n'), hostname: host, skeleton: host, team_id: team, environment, state, changed_at: age, checked_at: age },
    });
    await copies('held_name', `t.endpoint_id = '${template.id}'`, endpoints, {
      ...{ endpoint_id: uuidOf(2, 'n'), hostname: host, skeleton: host, team_id: team },
    });
    await copies('request', `t.endpoint_id = '${template.id}'`, endpoints, {
      ...{ id: uuidOf(3, 'n'), number: 'n + 1', hostname: host, team_id: team, endpoint_id: uuidOf(2, 'n'), created_at: age },
      ...{ state: `CASE WHEN n % 500 = 0 THEN 'in-review' ELSE t.state END` },
      ...{ review_groups: `CASE WHEN n % 500 = 0 THEN ARRAY['security-reviewer'] ELSE t.review_groups END` },
    });
    await copies('endpoint_revision', `t.endpoint_id = '${template.id}'`, endpoints, {
      endpoint_id: uuidOf(2, 'n'),
      request_id: uuidOf(3, 'n'),
    });
    await copies('operation', `t.endpoint_id = '${template.id}'`, endpoints, {
      ...{
        id: uuidOf(4, 'n'),
        endpoint_id: uuidOf(2, 'n'),
        subject: `'endpoint:' || ${idOf(2, 'n')}`,
        created_at: age,
        request_id: uuidOf(3, 'n'),
      },
    });
    await copies('observation', `t.endpoint_id = '${template.id}'`, endpoints, { endpoint_id: uuidOf(2, 'n') });
    // The newest of each lineage is served; those before it were superseded.
    const of = `(n % ${endpoints}) + 1`;
    const names = `ARRAY['o' || (${of}) || '.svc' || ((${of}) % 977) || '.${apex}']`;
    const serial = `upper(lpad(to_hex(n::bigint * 2654435761 % 4294967296), 8, '0') || lpad(to_hex(n), 24, '0'))`;
    const served = `n > ${size.certificates - endpoints}`;
    const ends = `CASE WHEN ${served} THEN now() + (n % 90) * interval '1 day' ELSE now() - (n % 2000) * interval '1 day' END`;
    await copies('certificate_order', `t.endpoint_id = '${template.id}'`, size.certificates, {
      ...{ id: uuidOf(6, 'n'), endpoint_id: uuidOf(2, of), team_id: team, names },
    });
    await copies('certificate', `t.endpoint_id = '${template.id}'`, size.certificates, {
      ...{ id: uuidOf(5, 'n'), order_id: uuidOf(6, 'n'), endpoint_id: uuidOf(2, of), serial, fingerprint: 'md5(n::text) || md5(n::text)' },
      names,
      state: `(CASE WHEN ${served} THEN 'served' WHEN n % 50 = 0 THEN 'revoked' ELSE 'superseded' END)::certificate_state`,
      ...{
        not_after: ends,
        not_before: `${ends} - interval '90 days'`,
        renew_after: `${ends} - interval '30 days'`,
        issued_at: `${ends} - interval '90 days'`,
      },
    });
    // As if none had expired: what counts is how many there are.
    await run(`
      INSERT INTO ocsp_response (certificate_id, issuer_id, sha1, sha256, this_update, next_update, refresh_at)
      SELECT id, issuer_id, '', '', now(), now() + interval '4 days', now() + interval '2 days' + random() * interval '2 days' FROM certificate`);
    await run(`
      INSERT INTO audit_event (seq, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject, detail, previous, hash)
      SELECT 1000000 + n, ${age}, 'person', 'p' || n % 500, 'Person ' || n % 500, (ARRAY['endpoint.live', 'request.create', 'certificate.issue'])[1 + n % 3],
             'endpoint', ${idOf(2, 'n')}, ${host}, '{}', decode(md5(n::text), 'hex'), decode(md5('h' || n), 'hex')
        FROM generate_series(1, ${endpoints * 3}) AS n`);
    await run(`
      INSERT INTO zone_record_set (zone_id, name, type, ttl, "values", observed_at)
      SELECT '${template.zoneId}', 'r' || n || '.pool' || n % 5000 || '.${apex}', 'A', 300, ARRAY['192.0.2.' || n % 250], now()
        FROM generate_series(1, ${size.recordSets}) AS n`);
    await run('SET session_replication_role = DEFAULT');
    await run('VACUUM (ANALYZE)');
    const [known] = await admin.$queryRawUnsafe<{ id: string; serial: string }[]>(
      `SELECT endpoint_id AS id, serial FROM certificate WHERE state = 'served' AND endpoint_id = ${uuidOf(2, String(4242 % endpoints))} LIMIT 1`,
    );
    if (known === undefined) throw new Error('The seed made no certificate that is served.');
    return { zoneId: template.zoneId, apex, team: 'owners-7', endpointId: known.id, serial: known.serial };
  } finally {
    await admin.$disconnect();
  }
}
