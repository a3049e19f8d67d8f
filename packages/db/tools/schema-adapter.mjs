// The database side of the schema engine: @prisma/adapter-pg with the four things mended that the engine needs and the
// adapter, made for the client, does not do. Remove each when adapter-pg does it (checked with 7.10.0).
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { parse } from 'pg-connection-string';

const CHAR_OID = 18;
const TEXT_OID = 25;

/** Which columns of a result are "char", by its rows, the one part that reaches us unchanged through adapter-pg. */
const charColumns = new WeakMap();

/**
 * The engine reads system catalogues, whose "char" columns (OID 18) adapter-pg does not know; it refuses the whole
 * result. They pass it as text, and get the column type that the engine insists on afterwards.
 */
function disguiseChar(result) {
  for (const each of Array.isArray(result) ? result : [result]) {
    const found = (each?.fields ?? []).flatMap((field, column) => (field.dataTypeID === CHAR_OID ? [column] : []));
    for (const column of found) each.fields[column].dataTypeID = TEXT_OID;
    if (found.length > 0) charColumns.set(each.rows, found);
  }
  return result;
}

class CatalogueClient extends pg.Client {
  query(...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return super.query(...args).then(disguiseChar);
    return super.query(...args.slice(0, -1), (error, result) => callback(error, disguiseChar(result)));
  }
}

/**
 * Pool settings of a PostgreSQL URL as discrete fields. pg lets `connectionString` win over `database`, so with a URL
 * the pool on the shadow database would silently open the main one.
 */
export function poolConfig(url) {
  const { host, port, user, password, database, ssl } = parse(url);
  return { host: host ?? '127.0.0.1', port: Number(port ?? 5432), user, password, database, ssl, Client: CatalogueClient };
}

function reportChar(queryable) {
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const column of charColumns.get(result.rows) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  return queryable;
}

function forEngine(adapter) {
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) => reportChar(await startTransaction(isolationLevel));
  // The adapter splits scripts at every ";", which breaks $$-quoted functions; the simple protocol takes them whole.
  adapter.executeScript = async (script) => {
    await adapter
      .underlyingDriver()
      .query(script)
      .catch((error) => adapter.onError(error));
  };
  return reportChar(adapter);
}

export class SchemaAdapterFactory extends PrismaPg {
  #config;

  /** @param {string} url a postgresql:// URL; `?schema=` selects the schema */
  constructor(url) {
    const config = poolConfig(url);
    super(config, { schema: new URL(url).searchParams.get('schema') ?? undefined });
    this.#config = config;
  }

  async connect() {
    return forEngine(await super.connect());
  }

  // adapter-pg drops the shadow database before it closes its own pool on it, which Postgres refuses.
  async connectToShadowDb() {
    const database = `prisma_shadow_${randomUUID()}`;
    const admin = await this.connect();
    await admin.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = forEngine(await new PrismaPg({ ...this.#config, database }).connect());
    const closePool = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await closePool();
      await admin.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  }
}
