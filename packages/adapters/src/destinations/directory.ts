// Delivers certificates into a directory that a TLS edge reads. Each delivery is a version folder of its own, complete
// and synced before the hostname's symbolic link is renamed onto it: a reader that resolves the link once always finds
// a key and the chain that belongs to it. `<directory>/<name>` -> `.versions/<name>/<version>/{fullchain,privkey}.pem`.
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';
import { splitPem } from '@hostmaster/core/pki/chain';
import type { CertificateDestination } from '@hostmaster/core/pki/destination';

type CertificateFiles = { readonly fullchainPem: string; readonly privateKeyPem: string };

/** A destination that is a directory. Errors of its operations: invalid-input for a hostile name; delivery-failed. */
export const directoryDestination = (directory: string): CertificateDestination => ({
  held: (hostname) => heldFingerprint(directory, hostname),
  deliver: ({ hostname, ...files }) => deliverCertificate(directory, hostname, files),
  withdraw: (hostname) => removeCertificate(directory, hostname),
});

const versionsFolder = '.versions';

/**
 * The folder of a hostname: its own name in A-labels, or `_wildcard.<suffix>`. Nothing else passes, so no name can
 * reach outside the directory or into its bookkeeping. Errors: invalid-input.
 */
export function certificateFolder(hostname: string): string {
  const base = hostname.startsWith('*.') ? hostname.slice(2) : hostname;
  const isHostname = hostname.length <= 253 && base.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (!isHostname)
    throw new HostmasterError('invalid-input', 'A certificate can only be delivered for a host name in lower-case A-labels.');
  return hostname.startsWith('*.') ? `_wildcard.${base}` : base;
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** How long a replaced version stays: for readers in the middle of it, and for a second writer that has not renamed its link yet. */
const keepMilliseconds = 3600_000;

/** Removes versions that are older than ours by more than the time above, left-overs of a crash included. */
async function prune(versions: string, ours: string): Promise<void> {
  const { mtimeMs } = await stat(join(versions, ours));
  for (const name of await readdir(versions)) {
    const path = join(versions, name);
    // Another writer may have moved or removed it since it was listed.
    const found = await lstat(path).catch(() => null);
    if (found !== null && mtimeMs - found.mtimeMs > keepMilliseconds) await rm(path, { recursive: true, force: true });
  }
}

/** What cannot be read, for whatever reason, is as good as not there: a delivery mends it or says why it cannot. */
async function heldFingerprint(directory: string, hostname: string): Promise<string | null> {
  try {
    const [leaf] = splitPem(await readFile(join(directory, certificateFolder(hostname), 'fullchain.pem'), 'utf8'));
    return leaf === undefined ? null : createHash('sha256').update(leaf).digest('hex');
  } catch {
    return null;
  }
}

/** What the file system answers, and what whoever runs the server can do about it. */
const hindrances: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: (path) => `The disk that holds ${path} is full. Make room on it.`,
  EDQUOT: (path) => `The quota of the disk that holds ${path} is used up. Raise it, or make room.`,
  EACCES: (path) => `The worker may not write to ${path}. Make its account the owner of the folder.`,
  EPERM: (path) => `The worker may not write to ${path}. Make its account the owner of the folder.`,
  EROFS: (path) => `${path} is mounted for reading only. Mount it for writing.`,
  ENOTDIR: (path) => `Something on the way to ${path} is no folder. Move it away.`,
  ENOENT: (path) => `${path} is gone, or leads nowhere. Make its folder again.`,
};

/** The file system's error as ours, with the path that it is about. */
export function deliveryError(cause: unknown, about: string): HostmasterError {
  if (cause instanceof HostmasterError) return cause;
  const { code, path } = Object(cause) as { readonly code?: unknown; readonly path?: unknown };
  const at = typeof path === 'string' ? path : about;
  const known = Object.entries(hindrances).find(([each]) => each === code)?.[1];
  const message =
    known?.(at) ?? `Writing to ${at} failed${typeof code === 'string' ? ` (${code})` : ''}. Look at the disk and at that path.`;
  return new HostmasterError('delivery-failed', message, { cause });
}

/** Only a link is ours: what somebody else put at its place is neither overwritten nor taken away. Errors: delivery-failed. */
async function refuseForeign(link: string): Promise<void> {
  const found = await lstat(link).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null || found.isSymbolicLink()) return;
  const what = found.isDirectory() ? 'A folder' : 'A file';
  throw new HostmasterError(
    'delivery-failed',
    `${what} that Hostmaster did not make stands at ${link}. Move it away, and what it serves with it.`,
  );
}

async function deliverCertificate(directory: string, hostname: string, files: CertificateFiles): Promise<void> {
  const folder = certificateFolder(hostname);
  const versions = join(directory, versionsFolder, folder);
  const version = randomUUID();
  const link = join(directory, folder);
  const staged = join(versions, `${version}.link`);
  try {
    await refuseForeign(link);
    await putInPlace({ directory, folder, version, link, staged }, files);
  } catch (error) {
    // What is tried again for hours must not leave a key on the disk each time.
    await Promise.allSettled([join(versions, version), staged].map((path) => rm(path, { recursive: true, force: true })));
    throw deliveryError(error, link);
  }
  await syncFolder(directory).catch((error: unknown) => {
    throw deliveryError(error, directory);
  });
  // Whatever keeps the old ones from going, the new one is in place, and the next delivery tries again.
  await prune(versions, version).catch(() => undefined);
}

type Place = {
  readonly directory: string;
  readonly folder: string;
  readonly version: string;
  readonly link: string;
  readonly staged: string;
};

async function putInPlace({ directory, folder, version, link, staged }: Place, files: CertificateFiles): Promise<void> {
  const versions = join(directory, versionsFolder, folder);
  await mkdir(join(versions, version), { recursive: true, mode: 0o700 });
  await writeSynced(join(versions, version, 'fullchain.pem'), files.fullchainPem);
  await writeSynced(join(versions, version, 'privkey.pem'), files.privateKeyPem);
  await syncFolder(join(versions, version));
  await syncFolder(versions);
  await symlink(join(versionsFolder, folder, version), staged);
  await rename(staged, link);
}

async function removeCertificate(directory: string, hostname: string): Promise<void> {
  const folder = certificateFolder(hostname);
  const link = join(directory, folder);
  try {
    // Whatever stands at the place of the link, no key of ours stays.
    const [foreign] = await Promise.allSettled([refuseForeign(link)]);
    if (foreign.status === 'fulfilled') await rm(link, { force: true });
    await rm(join(directory, versionsFolder, folder), { recursive: true, force: true });
    if (foreign.status === 'rejected') throw foreign.reason;
  } catch (error) {
    throw deliveryError(error, link);
  }
}
