// What outlives a kill and what must not: locks, leashes, orphans. Real processes, killed for real.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { lockFolder, waitForFolderLock } from './folder-lock.ts';
import { endOrphans, recordProcesses } from './orphans.ts';
import { identityOf, isRunning, type ProcessIdentity, starterOf, startOf } from './process-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostmaster-lifecycle-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that runs until it is ended, and says so. */
async function sleeper(script = ''): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
  const child = spawn(process.execPath, ['-e', `${script};setInterval(() => {}, 1000);console.log('up')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  const identity = identityOf(child.pid ?? 0);
  if (!identity) throw new Error('the process is not there');
  return { child, identity };
}

/** Runs TypeScript of ours in a process of its own that lives until it is killed, and answers its first line. */
async function program(source: string): Promise<{ child: ChildProcess; line: string }> {
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', `${source};setInterval(() => {}, 1000)`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [chunk]: Buffer[] = child.stdout ? await once(child.stdout, 'data') : [];
  return { child, line: String(chunk).trim() };
}

const moduleUrl = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe('the lock of a folder', () => {
  it('is refused while its holder lives, with the number of that process', async () => {
    const { child } = await program(
      `const { lockFolder } = await import(${moduleUrl('./folder-lock.ts')}); lockFolder(${JSON.stringify(folder)}, 'held'); console.log('locked')`,
    );
    expect(() => lockFolder(folder, 'held')).toThrow(new RegExp(`in use by process ${child.pid}`));
    const waiting = waitForFolderLock(folder, 'held', AbortSignal.timeout(20_000));
    await kill(child);
    (await waiting).release();
  });

  it('is taken over when the number of its holder belongs to another process now', () => {
    writeFileSync(join(folder, 'reused'), `${process.ppid}\nanother-start\n`);
    lockFolder(folder, 'reused').release();
    expect(existsSync(join(folder, 'reused'))).toBe(false);
  });

  it('goes to one of many that find it stale at the same moment', async () => {
    writeFileSync(join(folder, 'contested'), '999999999\n1\n');
    const source = `const { lockFolder } = await import(${moduleUrl('./folder-lock.ts')});
      try { lockFolder(${JSON.stringify(folder)}, 'contested'); console.log('won') } catch { console.log('lost') }`;
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => program(source)));
    expect(outcomes.filter(({ line }) => line === 'won')).toHaveLength(1);
  });
});

describe('the starter of a program', () => {
  it.each([
    ['itself', 'echo $$; read -r released'],
    ['through a shell', "sh -c 'echo $$; read -r released'; :"],
  ])('is the Node that ran it %s, whatever that Node calls its threads', async (_, script) => {
    const starter = await program(
      `const { spawn } = await import('node:child_process'); spawn('sh', ['-c', ${JSON.stringify(script)}], { stdio: ['pipe', 'inherit', 'inherit'] })`,
    );
    expect(starterOf(Number(starter.line))).toEqual(identityOf(starter.child.pid ?? 0));
  });
});

describe('a leash', () => {
  it('ends the program when its owner is killed', async () => {
    const { child, identity } = await sleeper();
    const owner = await program(
      `const { leash } = await import(${moduleUrl('./leash.ts')}); leash(${child.pid}, 'TERM'); console.log('leashed')`,
    );
    const ended = once(child, 'exit');
    await kill(owner.child);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(isRunning(identity)).toBe(false);
  });
});

describe('the orphans of a killed supervisor', () => {
  it('are ended, also those that do not listen to SIGTERM', async () => {
    const file = join(folder, 'processes.json');
    const obedient = await sleeper();
    const deaf = await sleeper(`process.on('SIGTERM', () => {})`);
    const record = recordProcesses(file);
    for (const { identity } of [obedient, deaf]) record(identity);
    expect(await endOrphans(file)).toBe(2);
    expect([obedient, deaf].map(({ identity }) => isRunning(identity))).toEqual([false, false]);
  });

  it('are not mistaken for a process that got the number of one later', async () => {
    const file = join(folder, 'strangers.json');
    const stranger = await sleeper();
    writeFileSync(file, JSON.stringify([{ pid: stranger.child.pid, started: 'another-start' }]));
    expect(await endOrphans(file)).toBe(0);
    expect(startOf(stranger.child.pid ?? 0)).toBeDefined();
  });

  it('are nobody when the record was cut short by the kill', async () => {
    const file = join(folder, 'cut.json');
    writeFileSync(file, '[{"pid": 12');
    expect(await endOrphans(file)).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('[{"pid": 12');
  });
});
