// The published client, as a program elsewhere has it: the packed file in a folder of its own, which sees nothing of this
// repository but the two libraries that the package names.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test as browserless, expect } from '@playwright/test';
import { z } from 'zod';
import { instance, tokenOf } from './testing/instance.ts';

const repository = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const limits = { timeout: 240_000 };

const program = `import { type AppRouter, createClient } from '@hostmaster/client';
import { TRPCClientError } from '@trpc/client';

const client = createClient({ url: process.env.HOSTMASTER ?? '', token: process.env.HOSTMASTER_TOKEN ?? '' });
const me = await client.account.me.query();
const kind: 'person' | 'service' = me.kind;
const { rows } = await client.endpoints.list.query({ limit: 1 });
const names: string[] = rows.map((row) => row.hostname);
// @ts-expect-error there is no such field
const unknown = await client.endpoints.list.query({ surprise: 1 }).catch((error: unknown) => error);
const code = unknown instanceof TRPCClientError ? (unknown as TRPCClientError<AppRouter>).data?.code : null;
console.log(JSON.stringify({ kind, names, code }));
`;

browserless('the published client is typed and works where only it is installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  try {
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: join(repository, 'packages/client'),
      ...limits,
    });
    const [{ filename, files }] = z
      .tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })])
      .parse(JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))));
    expect(files.map(({ path }) => path).sort()).toEqual(['README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
    const installed = join(folder, 'node_modules/@hostmaster/client');
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
    symlinkSync(join(repository, 'node_modules/@trpc'), join(folder, 'node_modules/@trpc'));
    symlinkSync(join(repository, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    expect(readFileSync(join(installed, 'dist/index.d.ts'), 'utf8')).not.toMatch(/from '(?!@trpc\/)/);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'program.ts'), program);
    const options = ['--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--lib', 'es2023,dom'];
    await run(process.execPath, [join(repository, 'node_modules/typescript-native/bin/tsc'), ...options, 'program.ts'], {
      cwd: folder,
      ...limits,
    }).catch((error: { stdout?: string }) => {
      throw new Error(error.stdout ?? String(error));
    });
    const env = { ...process.env, HOSTMASTER: instance.portal, HOSTMASTER_TOKEN: tokenOf('app') };
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: folder, env, ...limits });
    expect(JSON.parse(stdout)).toEqual({ kind: 'service', names: [expect.any(String)], code: 'invalid-input' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
