#!/usr/bin/env node
// Stands in for Prisma's native schema engine where it could not be downloaded. The CLI talks to that binary in
// line-delimited JSON-RPC on stdio (and by exit code for two questions, `cli can-connect-to-database` and `cli
// create-database`); this answers the same lines with Prisma's own engine compiled to WebAssembly.
// Started only by tools/prisma.mjs, through PRISMA_SCHEMA_ENGINE_BINARY.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { poolConfig, SchemaAdapterFactory } from './schema-adapter.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  strict: false, // the CLI also passes options that only the native engine knows
  options: { datasource: { type: 'string' }, datamodels: { type: 'string', multiple: true, short: 'd' } },
});
const url = options.datasource ? JSON.parse(options.datasource).url : undefined;

async function withClient(config, use) {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(target) {
  const config = poolConfig(target);
  await withClient({ ...config, database: 'postgres' }, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(config.database)}`),
  );
  return { databaseName: config.database };
}

/** Answers by exit code; the CLI drops the first line of stderr and reads each further one as a log record. */
async function answerOnce(question) {
  const questions = {
    'can-connect-to-database': () => withClient(poolConfig(url), (client) => client.query('SELECT 1')),
    'create-database': () => createDatabase(url),
  };
  try {
    if (!Object.hasOwn(questions, question)) throw new Error(`the schema engine has no command "${question}"`);
    await questions[question]();
    return 0;
  } catch (error) {
    const code = { '3D000': 'P1003', '28P01': 'P1000' }[error.code] ?? 'P1001';
    const record = (level, fields) => process.stderr.write(`${JSON.stringify({ level, target: 'schema_engine::logger', fields })}\n`);
    record('INFO', { message: 'started' });
    record('ERROR', { message: error.message || String(error.code), error_code: code });
    return 1;
  }
}

async function startEngine() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const { instance } = await WebAssembly.instantiate(readFileSync(script.replace(/\.js$/, '.wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = options.datamodels?.map((file) => [resolve(file), readFileSync(file, 'utf8')]);
  // `diff` between two schema files comes without a datasource, and never connects.
  const factory = new SchemaAdapterFactory(url ?? 'postgresql://127.0.0.1:1/none');
  return bindings.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
let engine;
let printed = 0;

async function call(method, params) {
  if (method === 'createDatabase') return createDatabase(params.datasource?.url ?? url);
  engine ??= startEngine();
  const started = await engine;
  if (method === 'getDatabaseVersion') return started.version(params ?? null);
  const result = (await started[method](params)) ?? {};
  // The native engine prints a diff through a call back to the CLI; the WASM one returns it.
  if (method === 'diff' && result.stdout) {
    printed += 1;
    send({ id: printed, method: 'print', params: { content: result.stdout } });
    result.stdout = null;
  }
  return result;
}

const open = new Map();

function refuse(id, { message, code = null, meta }, isPanic = false) {
  send({ id, error: { code: 4466, message, data: { is_panic: isPanic, message, error_code: code, meta } } });
}

async function answer({ id, method, params }) {
  try {
    send({ id, result: await call(method, params) });
  } catch (error) {
    refuse(id, error);
  } finally {
    open.delete(id);
  }
}

// A panic of the engine reaches us outside of any call: nothing it was asked will be answered any more.
let panic;
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => {
    panic = message;
  },
};
process.on('uncaughtException', (error) => {
  for (const id of open.keys()) refuse(id, { message: panic ?? error.message }, true);
  process.exitCode = 101; // what a panicking native engine exits with
  process.stdout.end(() => process.exit());
});

if (positionals[0] === 'cli') {
  process.exitCode = await answerOnce(positionals[1]);
} else {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (!line.trim()) return;
    const request = JSON.parse(line);
    if (request.method) open.set(request.id, answer(request)); // the rest are the CLI's answers to our `print`
  });
  // The CLI closes our stdin when it has all its answers; the idle pool must not keep us alive.
  lines.on('close', async () => {
    await Promise.all(open.values());
    process.exit(0);
  });
}
