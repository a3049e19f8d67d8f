#!/usr/bin/env node
// `npm start`: from a fresh clone to a running Hostmaster with nothing but Node and git. Plain Node without a
// dependency up to the hand-over, because nothing may be installed yet: check, install, build, then
// packages/embedded brings the world up (its start.ts says what that is).
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { describeNode, ensureInstalled, requireNode } from './install.mjs';
import { root } from './run.mjs';

const usage = `npm start -- [flags]

  --port N      the portal's port (default 3000); the others follow from it: worker health N+1,
                name server N+53, PostgreSQL N+432, TLS edge N+443
  --data DIR    where everything is kept (default .data)
  --workers N   how many workers, 1 to 16 (default 1); their health pages lie on the ports from N+1 on
  --reset       begin with an empty DIR
  --no-demo     no demo teams, people and zones
  --dev         run the sources, and run them again when they change
  --help        this text

With DATABASE_URL set, that PostgreSQL is used instead of the embedded one; with REDIS_URL set, the queue lies there.`;

function readFlags() {
  const options = {
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.data' },
    workers: { type: 'string', default: '1' },
    reset: { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
    dev: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  // `npm start --port 4000` without the `--`: npm keeps the flag for itself and passes on only its value.
  if (positionals.length > 0) throw new Error(`"${positionals[0]}" is no flag. Flags go after "--", as in: npm start -- --port 4000`);
  if (!/^\d{1,5}$/.test(values.port)) throw new Error(`--port takes a number, not "${values.port}"`);
  if (!/^([1-9]|1[0-6])$/.test(values.workers)) throw new Error(`--workers takes a number from 1 to 16, not "${values.workers}"`);
  return values;
}

function complain(error) {
  console.error(`\n${error.message}\n`);
  process.exit(1);
}

let flags;
try {
  flags = readFlags();
} catch (error) {
  complain(new Error(`${error.message}\n\n${usage}`));
}
if (flags.help) {
  console.log(usage);
  process.exit(0);
}

try {
  requireNode();
  console.log(`· ${describeNode()}`);
  await ensureInstalled();
  await ensureBuilt({ clientOnly: flags.dev });
  process.env.NODE_ENV ??= flags.dev ? 'development' : 'production';
  const { register } = await import('tsx/esm/api');
  register();
  const { start } = await import('../packages/embedded/src/start.ts');
  await start({
    root,
    port: Number(flags.port),
    data: resolve(process.env.INIT_CWD ?? process.cwd(), flags.data),
    reset: flags.reset,
    demo: !flags['no-demo'],
    dev: flags.dev,
    workers: Number(flags.workers),
  });
} catch (error) {
  complain(error);
}
