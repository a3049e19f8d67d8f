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

/** A destination that is a directory. Errors of its operations: invalid-input for a hostile name; the file system's own. */
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

async function deliverCertificate(directory: string, hostname: string, files: CertificateFiles): Promise<void> {
  const folder = certificateFolder(hostname);
  const versions = join(directory, versionsFolder, folder);
  const version = randomUUID();
  await mkdir(join(versions, version), { recursive: true, mode: 0o700 });
  await writeSynced(join(versions, version, 'fullchain.pem'), files.fullchainPem);
  await writeSynced(join(versions, version, 'privkey.pem'), files.privateKeyPem);
  await syncFolder(join(versions, version));
  await syncFolder(versions);

  const link = join(directory, folder);
  const staged = join(versions, `${version}.link`);
  await symlink(join(versionsFolder, folder, version), staged);
  await rename(staged, link);
  await syncFolder(directory);
  await prune(versions, version);
}

async function removeCertificate(directory: string, hostname: string): Promise<void> {
  const folder = certificateFolder(hostname);
  await rm(join(directory, folder), { force: true });
  await rm(join(directory, versionsFolder, folder), { recursive: true, force: true });
}
