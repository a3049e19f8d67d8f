import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandReload } from './reload.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reload-'));
});
afterAll(() => rm(folder, { recursive: true }));

let made = 0;
async function script(text: string): Promise<string> {
  made += 1;
  const path = join(folder, `script-${made}`);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o700);
  return path;
}

const failed = (words: string) => ({ code: 'delivery-failed', message: expect.stringContaining(words) });

it('those who ask at once share a run, and whoever asks while one is under way gets another', async () => {
  const runs = join(folder, 'runs');
  const path = await script(`echo begun >> ${runs}\nwhile [ ! -e ${runs}.go ]; do sleep 0.05; done\necho ended >> ${runs}`);
  const reload = commandReload([path]);
  const first = Promise.all([reload(), reload(), reload()]);
  await expect.poll(() => readFile(runs, 'utf8').catch(() => '')).toBe('begun\n');
  const second = Promise.all([reload(), reload()]);
  await writeFile(`${runs}.go`, '');
  await Promise.all([first, second]);
  expect(await readFile(runs, 'utf8')).toBe('begun\nended\nbegun\nended\n');
});

it('one that fails says its exit code and the last line of what it said, whoever shared it, and the next is run all the same', async () => {
  const flag = join(folder, 'mended');
  const path = await script(`[ -e ${flag} ] && exit 0\necho first\nprintf 'nginx: [emerg] \\033[31mno such file\\n' >&2\nexit 3`);
  const reload = commandReload([path, '-s', 'reload']);
  const said = `“${path} -s reload” ended with exit code 3 and said “nginx: [emerg] [31mno such file”`;
  const both = await Promise.allSettled([reload(), reload()]);
  expect(both).toEqual([1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining(failed(said)) })));
  await writeFile(flag, '');
  await reload();
});

it.each([
  ['kill -TERM $$', 'ended with SIGTERM and said nothing'],
  ['exit 1', 'ended with exit code 1 and said nothing'],
  ['yes | head -c 3000000\necho\necho the end\nexit 1', 'said “the end”'],
])('%j is told as it ended', async (text, words) => {
  await expect(commandReload([await script(text)])()).rejects.toMatchObject(failed(words));
});

it('one that is not there, or may not be run, is named', async () => {
  await expect(commandReload([join(folder, 'nothing')])()).rejects.toMatchObject(failed('cannot be started (ENOENT)'));
  const path = await script('exit 0');
  await chmod(path, 0o600);
  await expect(commandReload([path])()).rejects.toMatchObject(failed('cannot be started (EACCES)'));
});

it('one that does not end is ended, with all that it started', async () => {
  const pids = join(folder, 'pids');
  const path = await script(`sleep 600 &\necho "$! $$" > ${pids}\necho waiting\nwait`);
  await expect(commandReload([path], 500)()).rejects.toMatchObject(failed('had not ended after 0.5 s and said “waiting”'));
  const alive = async () =>
    (await readFile(pids, 'utf8'))
      .trim()
      .split(' ')
      .filter((pid) => isAlive(Number(pid)));
  await expect.poll(alive).toEqual([]);
});

it('one that leaves a server behind, which keeps its output open, has ended', async () => {
  const pid = join(folder, 'pid');
  const path = await script(`setsid sleep 600 &\necho $! > ${pid}\nexit 0`);
  await commandReload([path])();
  process.kill(Number(await readFile(pid, 'utf8')));
});

it('takes its arguments as they are, and sees nothing of the environment of the worker but its PATH', async () => {
  process.env.HOSTMASTER_KEK = 'a secret';
  const seen = join(folder, 'seen');
  await commandReload([
    await script(`env > ${seen}\nfor each in "$@"; do echo "argument $each" >> ${seen}; done`),
    '$(id)',
    'a b',
    ';',
    '',
  ])();
  delete process.env.HOSTMASTER_KEK;
  const lines = (await readFile(seen, 'utf8')).slice(0, -1).split('\n');
  expect(lines.filter((line) => line.startsWith('argument'))).toEqual(['argument $(id)', 'argument a b', 'argument ;', 'argument ']);
  const variables = lines.filter((line) => !line.startsWith('argument')).map((line) => line.split('=')[0]);
  expect(variables.filter((name) => !['PWD', 'OLDPWD', '_', 'SHLVL'].includes(name ?? '')).sort()).toEqual(['LANG', 'PATH']);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
