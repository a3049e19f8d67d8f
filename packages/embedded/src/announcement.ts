// What a running instance says about itself: one block on the terminal for people, DATA/start.json for scripts.
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { shellCommand } from '@hostmaster/core/shell-command';
import { z } from 'zod';

const listener = z.object({ address: z.string(), port: z.number() });
const announcement = z.object({
  portal: z.string(),
  api: z.string(),
  nameserver: listener,
  edge: listener,
  /** Path of the PEM file. */
  rootCertificate: z.string(),
  /** URL as the owner of the tables, for the command line of whoever cannot sign in any more; null where it was given from outside. */
  database: z.string().nullable(),
  signIns: z
    .array(z.object({ account: z.string(), email: z.string(), password: z.string(), roles: z.array(z.string()).readonly() }).readonly())
    .readonly(),
  /** By the account. */
  tokens: z.record(z.string(), z.string()),
});
export type Announcement = Readonly<z.infer<typeof announcement>>;

/** How to sign in, and what calls carry. */
export type DemoAccess = Pick<Announcement, 'signIns' | 'tokens'>;

/** Readable for its owner only: it holds the demo's passwords and tokens. */
export function writeAnnouncement(file: string, told: Announcement): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

/** Errors: what zod or the file system say where the file is missing or is no start.json. */
export const readAnnouncement = (file: string): Announcement => announcement.parse(JSON.parse(readFileSync(file, 'utf8')));

/** How one signed in after an earlier start, which `file` tells; null where it tells nothing of it. */
export function readAccess(file: string): DemoAccess | null {
  try {
    const { signIns, tokens } = readAnnouncement(file);
    return signIns.length > 0 ? { signIns, tokens } : null;
  } catch {
    return null;
  }
}

/**
 * @param example the name of the demo that is live, for the two lines to try; null without a demo
 * @param place how paths and logs are shown
 */
export function terminalBlock(told: Announcement, example: string | null, place: { logs: string; seconds: string }): string {
  const { portal, api, nameserver, edge, rootCertificate, signIns } = told;
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
    `  Name server       ${nameserver.address} port ${nameserver.port}${example === null ? ', which serves no zone without the demo' : ''}`,
    `  TLS edge          ${edge.address} port ${edge.port}`,
    `  Logs              ${place.logs}`,
    ...tries,
    '',
  ].join('\n');
}
