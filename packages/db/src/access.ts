// Which process may do what in the database, as one table: the portal and the worker each have a role of their own, neither
// owns a table, and what a role is not given here it does not have. The migrator owns everything and belongs to nobody's
// process; a superuser only makes the roles.
import pg from 'pg';
import { rowSecurityStatements } from './row-security.ts';

export const databaseRoles = { owner: 'hostmaster', worker: 'hostmaster_worker', web: 'hostmaster_web' } as const;
export type DatabaseRole = keyof typeof databaseRoles;

type Columns = 'all' | readonly string[] | { readonly except: readonly string[] };
type Access = { readonly select?: Columns; readonly insert?: Columns; readonly update?: Columns; readonly delete?: true };

const read: Access = { select: 'all' };
const write: Access = { select: 'all', insert: 'all', update: 'all', delete: true };
const none: Access = {};

/** What an operation is born with; the steps, findings and results of work are the worker's to write. */
const newOperation = { except: ['leased_until', 'progress', 'result', 'error', 'finished_at', 'parent_id'] } as const;
/** What superseding and hurrying change. */
const movedOperation = ['state', 'reason', 'moves_next', 'finished_at', 'next_attempt_at', 'hurried', 'leased_until'] as const;
/** What somebody says of a zone; what it is named by stays, and so does what a worker read there. */
const changedZone = {
  except: [
    'id',
    'apex',
    'view',
    'serial',
    'synced_at',
    'sync_error',
    'record_set_count',
    'record_count',
    'signing_error_code',
    'signing_error',
    'created_at',
  ],
} as const;

/** What an issuer is connected with; keys are the worker's to write. */
const newIssuer = {
  except: ['key_id', 'key_ciphertext', 'next_key_id', 'next_key_ciphertext', 'stopped_at', 'revoked_at', 'longest_hours', 'root_id'],
} as const;
/** What somebody says of it; what it is named by stays, in its orders and certificates too. */
const changedIssuer = [
  'name',
  'chain_pem',
  'permitted_suffixes',
  'settings',
  'secret_key_id',
  'secret_ciphertext',
  'stopped_at',
  'longest_hours',
  'version',
] as const;

/** Every table × the two processes. The portal reads no ciphertext, and nothing that it writes is believed without a decision. */
export const tableAccess: Readonly<Record<string, Readonly<Record<'web' | 'worker', Access>>>> = {
  team: { web: { select: 'all', insert: 'all' }, worker: read },
  // Whom an event names by their id stays who they are.
  person: {
    web: { select: 'all', insert: 'all', update: ['roles', 'disabled_at', 'oidc_subject', 'last_sign_in_at'] },
    worker: read,
  },
  membership: { web: write, worker: read },
  // A worker that hands a private key out believes the portal nothing: it proves the password of whoever asks by itself.
  password: { web: { select: 'all', insert: 'all', update: ['hash', 'changed_at'] }, worker: { select: ['person_id', 'hash'] } },
  password_link: {
    web: { select: 'all', insert: 'all', update: ['used_at', 'ended_at'] },
    worker: { select: ['id', 'expires_at'], delete: true },
  },
  session: { web: { select: 'all', insert: 'all', update: ['revoked_at'] }, worker: { select: 'all', delete: true } },
  service_token: { web: { select: 'all', insert: 'all', update: ['last_used_at', 'revoked_at'] }, worker: read },
  token_team: { web: { select: 'all', insert: 'all' }, worker: read },
  rate_limit: { web: write, worker: { select: 'all', delete: true } },
  idempotency_key: { web: write, worker: { select: 'all', delete: true } },
  // A worker gives a new installation its first environments.
  environment: { web: { select: 'all', insert: 'all', update: ['name', 'rank'], delete: true }, worker: { select: 'all', insert: 'all' } },
  cluster: {
    web: {
      select: 'all',
      insert: 'all',
      update: ['hostname', 'environment', 'public', 'certificate_limit', 'destination_id'],
      delete: true,
    },
    worker: read,
  },
  zone: {
    web: { select: { except: ['secret_ciphertext'] }, insert: 'all', update: changedZone, delete: true },
    worker: {
      select: 'all',
      update: ['serial', 'synced_at', 'sync_error', 'record_set_count', 'record_count', 'signing_error_code', 'signing_error'],
    },
  },
  // What was typed is tested by the worker and thrown away; the portal only hands it over, and knows it again by its digest.
  connection_trial: {
    web: { select: ['id', 'operation_id', 'digest'], insert: 'all' },
    worker: { select: 'all', update: ['settings', 'about', 'secret_key_id', 'secret_ciphertext'], delete: true },
  },
  zone_record_set: { web: read, worker: write },
  read_record_set: { web: none, worker: write },
  grant: {
    web: { select: 'all', insert: 'all', update: ['environments', 'views', 'wildcard', 'apex', 'reason', 'expires_at', 'revoked_at'] },
    worker: read,
  },
  reservation: { web: { select: 'all', insert: 'all', delete: true }, worker: read },
  endpoint: { web: read, worker: { select: 'all', insert: 'all', update: 'all' } },
  held_name: { web: read, worker: write },
  endpoint_revision: { web: read, worker: { select: 'all', insert: 'all', update: ['sent_at', 'applied_at'] } },
  request: {
    web: {
      select: 'all',
      insert: 'all',
      update: ['state', 'decision', 'plan', 'plan_hash', 'review_groups', 'outcome', 'decided_at', 'superseded_by_id'],
    },
    worker: { select: 'all', update: ['state', 'outcome', 'endpoint_id'] },
  },
  dismissal: { web: { select: 'all', insert: 'all' }, worker: { select: ['created_at'], delete: true } },
  policy_exception: { web: { select: 'all', insert: 'all', update: ['until'] }, worker: read },
  review: { web: { select: 'all', insert: 'all', delete: true }, worker: read },
  operation: { web: { select: 'all', insert: newOperation, update: movedOperation }, worker: write },
  outbox: { web: { select: 'all', insert: 'all' }, worker: write },
  observation: { web: read, worker: write },
  // What is made here is the worker's to make; the key of an account at a CA too.
  issuer: {
    web: {
      select: { except: ['key_ciphertext', 'next_key_ciphertext', 'secret_ciphertext'] },
      insert: newIssuer,
      update: changedIssuer,
      delete: true,
    },
    worker: { select: 'all', insert: 'all', update: 'all' },
  },
  destination: {
    web: {
      select: { except: ['secret_ciphertext'] },
      insert: 'all',
      update: ['settings', 'secret_key_id', 'secret_ciphertext', 'version'],
      delete: true,
    },
    worker: read,
  },
  // Where a certificate was put, a worker writes; the portal forgets what is where nobody comes any more.
  delivery: { web: { select: 'all', delete: true }, worker: write },
  // Where is looked, somebody said; how far a look is, a worker.
  discovery_scope: {
    web: {
      select: 'all',
      insert: 'all',
      update: ['name', 'targets', 'ports', 'every_hours', 'team_id', 'version', 'next_look_at', 'position', 'answered'],
      delete: true,
    },
    worker: {
      select: 'all',
      update: [
        ...['next_look_at', 'position', 'answered', 'silent', 'nowhere', 'taken_at'],
        ...['looked_at', 'looked_places', 'looked_answered', 'looked_silent', 'looked_nowhere'],
      ],
    },
  },
  discovered_certificate: {
    web: { select: 'all', update: ['known_reason', 'known_by', 'known_at', 'known_until'] },
    worker: { select: 'all', insert: 'all', update: ['last_seen_at', 'fingerprint', 'chain', 'precertificate'], delete: true },
  },
  // Which logs are read, somebody said; how far, a worker.
  transparency_log: {
    web: { select: 'all', insert: 'all', update: ['next_read_at'], delete: true },
    worker: {
      select: 'all',
      update: [
        ...['next_read_at', 'taken_at', 'first_entry', 'position', 'tree_size', 'root'],
        ...['read_at', 'unreadable', 'failures', 'fault', 'forked_at'],
      ],
    },
  },
  log_sighting: { web: read, worker: write },
  sighting: { web: read, worker: write },
  // What is asked of the internal CA is handed over, and what comes of it the worker writes.
  authority_change: { web: { select: ['id'], insert: 'all' }, worker: { select: 'all', delete: true } },
  authority_request: { web: { select: { except: ['key_ciphertext'] } }, worker: write },
  bundle_fetch: { web: { select: 'all', insert: 'all', update: ['last_seen_at'] }, worker: { select: ['last_seen_at'], delete: true } },
  // What is published of revocations is signed by the worker, and handed out by the portal as it is.
  revocation_list: { web: read, worker: { select: 'all', insert: 'all', update: 'all' } },
  ocsp_signer: { web: { select: { except: ['key_ciphertext'] } }, worker: { select: 'all', insert: 'all', update: 'all' } },
  ocsp_response: { web: read, worker: write },
  certificate_order: { web: { select: { except: ['key_ciphertext', 'resume'] } }, worker: write },
  dns_proof: { web: read, worker: { select: 'all', insert: 'all', delete: true } },
  kept_certificate: { web: read, worker: { select: 'all', insert: 'all', update: 'all' } },
  // A CA asks the portal, and nothing of it is secret.
  http_proof: { web: read, worker: { select: 'all', insert: 'all', delete: true } },
  tls_proof: { web: read, worker: { select: 'all', insert: 'all', delete: true } },
  // A wish is written once, and stays as it was said; a worker writes those of a campaign.
  revocation_request: { web: { select: 'all', insert: 'all' }, worker: { select: 'all', insert: 'all' } },
  // What it does to which certificates stays as it was planned; a worker says how far it went.
  campaign: {
    web: {
      select: 'all',
      insert: { except: ['after_not_after', 'after_id'] },
      update: ['state', 'pace', 'starter_id', 'starter_name', 'started_at', 'moved_at', 'moved_by'],
    },
    worker: { select: 'all', update: ['state', 'moved_at', 'moved_by', 'after_not_after', 'after_id'] },
  },
  campaign_certificate: { web: read, worker: { select: 'all', insert: 'all' } },
  certificate: { web: read, worker: write },
  // What was asked for is handed over, and what a worker sealed is taken once.
  key_export: {
    web: { select: 'all', insert: { except: ['sealed', 'taken_at'] }, update: ['taken_at'] },
    worker: { select: 'all', update: ['sealed'], delete: true },
  },
  key_proof: { web: { insert: 'all' }, worker: { select: 'all', delete: true } },
  // What was brought is handed over sealed; what is wrong with it a worker says, and whoever brings another one takes it away.
  brought_certificate: {
    web: {
      select: { except: ['secret_key_id', 'secret_ciphertext'] },
      insert: { except: ['problems'] },
      delete: true,
    },
    worker: { select: 'all', update: ['secret_key_id', 'secret_ciphertext', 'problems'], delete: true },
  },
  worker_key: { web: { select: ['id', 'public_key', 'created_at'] }, worker: { select: 'all', insert: 'all' } },
  worker_heartbeat: { web: read, worker: { select: 'all', insert: 'all', update: ['last_seen_at', 'tls_proofs'], delete: true } },
  sweep: { web: read, worker: { select: 'all', insert: 'all', update: 'all' } },
  lane: { web: read, worker: { select: 'all', insert: 'all', update: 'all' } },
  audit_event: { web: { select: 'all', insert: 'all' }, worker: { select: 'all', insert: 'all' } },
  _prisma_migrations: { web: none, worker: none },
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function columnList(columns: Columns, all: readonly string[]): string {
  if (columns === 'all') return '';
  const chosen = 'except' in columns ? all.filter((name) => !columns.except.includes(name)) : columns;
  const unknown = ('except' in columns ? columns.except : columns).filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`There is no column ${unknown.join(', ')}.`);
  return ` (${chosen.map(quoted).join(', ')})`;
}

function grantsOf(table: string, role: string, access: Access, columns: readonly string[]): string[] {
  const rights = (['select', 'insert', 'update'] as const).flatMap((right) => {
    const wanted = access[right];
    return wanted === undefined ? [] : [`${right.toUpperCase()}${columnList(wanted, columns)}`];
  });
  if (access.delete) rights.push('DELETE');
  return [
    `REVOKE ALL ON ${quoted(table)} FROM ${role}`,
    // Column rights are revoked one by one: those of the whole table do not include them.
    `REVOKE ALL (${columns.map(quoted).join(', ')}) ON ${quoted(table)} FROM ${role}`,
    ...(rights.length === 0 ? [] : [`GRANT ${rights.join(', ')} ON ${quoted(table)} TO ${role}`]),
  ];
}

type Passwords = Readonly<Record<'worker' | 'web', string>>;

/** Makes the roles of the two processes, or gives them new passwords. @param client of a role that may make roles */
async function ensureRoles(client: pg.Client, passwords: Passwords): Promise<void> {
  for (const role of ['worker', 'web'] as const) {
    const name = databaseRoles[role];
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    const password = client.escapeLiteral(passwords[role]);
    await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${password}`);
  }
}

/**
 * Whoever may make a table of their own could try to put it in the place of one that a function of the owner reads. The worker
 * needs some for its queue; the portal needs none.
 */
export const temporaryRights = (database: string): readonly string[] => [
  `REVOKE TEMPORARY ON DATABASE ${quoted(database)} FROM PUBLIC, ${databaseRoles.web}`,
  `GRANT TEMPORARY ON DATABASE ${quoted(database)} TO ${databaseRoles.worker}`,
];

/** The rights of the two roles in the database of the client, in one transaction. Errors: where a table has no row above. */
async function grantAccess(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; columns: string[]; database: string }>(
    `SELECT table_name::text AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns, current_database() AS database
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name`,
  );
  const policies = await client.query<{ table: string; policy: string }>(
    `SELECT tablename::text AS table, policyname::text AS policy FROM pg_policies WHERE schemaname = 'public'`,
  );
  const { worker, web } = databaseRoles;
  const statements = [
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${worker}, ${web}`,
    `GRANT USAGE ON SCHEMA public TO ${worker}, ${web}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${web}`,
    ...rows.slice(0, 1).flatMap(({ database }) => temporaryRights(database)),
    // Its queue, where that lies in Postgres, is in a schema that the worker makes itself.
    ...rows.slice(0, 1).map(({ database }) => `GRANT CREATE ON DATABASE ${quoted(database)} TO ${worker}`),
    ...rowSecurityStatements(policies.rows, databaseRoles),
    ...rows.flatMap(({ name, columns }) => {
      const access = tableAccess[name];
      if (access === undefined) throw new Error(`The table ${name} has no row in packages/db/src/access.ts.`);
      return [...grantsOf(name, web, access.web, columns), ...grantsOf(name, worker, access.worker, columns)];
    }),
  ];
  await client.query(`BEGIN; ${statements.join('; ')}; COMMIT`);
  await dropForeignQueue(client);
}

/** A queue that another role made before is of no use to the worker; what was in it, the sweep finds again. */
async function dropForeignQueue(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = 'bullmq' AND r.rolname <> $1`,
    [databaseRoles.worker],
  );
  if (rowCount) await client.query('DROP SCHEMA bullmq CASCADE');
}

/**
 * Gives the portal and the worker their roles, passwords and rights in one database; safe to run again, and to be run after
 * every migration.
 * @param adminUrl connects to that database as a superuser, or as its owner who may make roles
 */
export async function prepareAccess(adminUrl: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await ensureRoles(client, passwords);
    await grantAccess(client);
  } finally {
    await client.end();
  }
}

/** The URL of the same database for one of the two roles. */
export function urlFor(databaseUrl: string, role: 'worker' | 'web', password: string): string {
  const url = new URL(databaseUrl);
  url.username = databaseRoles[role];
  url.password = encodeURIComponent(password);
  return url.href;
}
