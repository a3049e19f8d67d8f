// The instance under test, as its start.json describes it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Announcement, readAnnouncement } from '@hostmaster/embedded/announcement';
import { z } from 'zod';

export const roles = ['app', 'security', 'platform', 'auditor'] as const;
export type Role = (typeof roles)[number];

function pathOf(): string {
  const path = process.env.HOSTMASTER_START_JSON;
  if (path === undefined || path === '')
    throw new Error('Run these with `npm test -- --only e2e`, or name the start.json of a running instance in HOSTMASTER_START_JSON.');
  return path;
}

export const instance = readAnnouncement(pathOf());

/** The processes of its workers, by what its supervisor has recorded beside the announcement. */
export function workerPids(): number[] {
  const recorded = z
    .array(z.object({ pid: z.number() }))
    .parse(JSON.parse(readFileSync(join(dirname(pathOf()), 'processes.json'), 'utf8')));
  return recorded.flatMap(({ pid }) => (commandOf(pid).includes('dist/main.js') ? [pid] : []));
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}

export function passwordOf(role: Role, of: Announcement = instance): string {
  const found = of.signIns.find(({ account }) => account === role);
  if (found === undefined) throw new Error(`The instance has no sign-in "${role}".`);
  return found.password;
}

export function tokenOf(role: Role): string {
  const token = instance.tokens[role];
  if (token === undefined) throw new Error(`The instance has no token of "${role}".`);
  return token;
}

/** A label that no earlier test has asked for, so that the suite can run again on the same instance. */
export const freshLabel = (stem: string): string => `${stem}-${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
