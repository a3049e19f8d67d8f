// What a running instance says about itself: one block on the terminal for people, DATA/start.json for scripts.
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { shellCommand } from '@hostmaster/core/shell-command';
import type { DemoAccess } from './demo.ts';

export type Announcement = {
  readonly portal: string;
  readonly api: string;
  readonly nameserver: { readonly address: string; readonly port: number };
  readonly edge: { readonly address: string; readonly port: number };
  /** Path of the PEM file. */
  readonly rootCertificate: string;
  /** URL as the owner of the tables, for the command line of whoever cannot sign in any more; null where it was given from outside. */
  readonly database: string | null;
  readonly signIns: DemoAccess['signIns'];
  readonly tokens: Readonly<Record<string, string>>;
};

/** Readable for its owner only: it holds the demo's passwords and tokens. */
export function writeAnnouncement(file: string, announcement: Announcement): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(announcement, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

function isAccess(value: unknown): value is DemoAccess {
  if (typeof value !== 'object' || value === null || !('signIns' in value) || !('tokens' in value)) return false;
  return Array.isArray(value.signIns) && value.signIns.length > 0 && typeof value.tokens === 'object' && value.tokens !== null;
}

/** The demo's passwords and tokens that an earlier start wrote to `file`; null when there was none with a demo. */
export function readAccess(file: string): DemoAccess | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isAccess(value) ? { signIns: value.signIns, tokens: value.tokens } : null;
  } catch {
    return null;
  }
}

/**
 * @param example the name of the demo that is live, for the two lines to try; null without a demo
 * @param place how paths and logs are shown
 */
export function terminalBlock(announcement: Announcement, example: string | null, place: { logs: string; seconds: string }): string {
  const { portal, api, nameserver, edge, rootCertificate, signIns } = announcement;
  const width = Math.max(0, ...signIns.map(({ email }) => email.length));
  const people = signIns.map(({ email, password, roles }, index) => {
    const label = index === 0 ? 'Sign in as' : '';
    return `  ${label.padEnd(18)}${email.padEnd(width)}  ${password}  ${roles.join(', ')}`.trimEnd();
  });
  const tries =
    example === null
      ? []
      : [
          '',
          `  ${shellCommand(['dig', `@${nameserver.address}`, '-p', String(nameserver.port), example, '+short'])}`,
          `  ${shellCommand(['curl', '--cacert', rootCertificate, '--resolve', `${example}:${edge.port}:${edge.address}`, `https://${example}:${edge.port}/`])}`,
        ];
  return [
    '',
    `Hostmaster is up after ${place.seconds} s. Ctrl-C ends it.`,
    '',
    `  Portal            ${portal}`,
    `  API               ${api}`,
    ...people,
    `  Root certificate  ${rootCertificate}`,
    `  Name server       ${nameserver.address} port ${nameserver.port}`,
    `  TLS edge          ${edge.address} port ${edge.port}`,
    `  Logs              ${place.logs}`,
    ...tries,
    '',
  ].join('\n');
}
