#!/usr/bin/env node
// `npm run under-node -- 24 test -- --only unit`: an npm command of this project under another supported release of Node.
import { spawn } from 'node:child_process';
import { NODE_RELEASES, nodeRelease, withNode } from './node-release.mjs';
import { root } from './run.mjs';

const usage = `npm run under-node -- LINE COMMAND…

  Runs \`npm COMMAND…\` under the newest tested Node of a line: ${Object.entries(NODE_RELEASES)
    .map(([line, version]) => `${line} (${version})`)
    .join(', ')}.

  npm run under-node -- 22 test
  npm run under-node -- 24 test -- --only unit`;

const [line, ...command] = process.argv.slice(2);
if (line === undefined || line === '--help' || command.length === 0) {
  console.log(usage);
  process.exit(line === '--help' ? 0 : 1);
}
try {
  const node = await nodeRelease(line);
  const npm = process.env.npm_execpath ? [node, process.env.npm_execpath] : ['npm'];
  const [program, ...args] = [...npm, ...command];
  const child = spawn(program, args, { cwd: root, env: withNode(node), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', ({ message }) => {
    console.error(message);
    process.exit(1);
  });
  child.on('close', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(1);
}
