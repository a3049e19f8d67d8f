// Runs the Prisma CLI. Prisma downloads a native schema engine on installation; where that host cannot be reached
// (an air-gapped company, a locked-down CI) the CLI is pointed at schema-engine.mjs beside this file instead.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const cli = require.resolve('prisma/build/index.js');

function hasStockEngine() {
  if (process.env.PRISMA_SCHEMA_ENGINE_BINARY) return true;
  // @prisma/engines is a dependency of prisma, not ours: resolve it from there.
  const engines = dirname(createRequire(cli).resolve('@prisma/engines/package.json'));
  return readdirSync(engines).some((name) => name.startsWith('schema-engine-') && !name.includes('.tmp') && !name.endsWith('.gz'));
}

const env = { CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', ...process.env };
if (!hasStockEngine()) env.PRISMA_SCHEMA_ENGINE_BINARY = fileURLToPath(new URL('./schema-engine.mjs', import.meta.url));

// The config file is found from the working directory, so the tool works the same from anywhere.
const cwd = fileURLToPath(new URL('..', import.meta.url));
const child = spawn(process.execPath, [cli, ...process.argv.slice(2)], { stdio: 'inherit', env, cwd });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
