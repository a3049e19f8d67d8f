// Delivers certificates into a directory that a TLS edge reads. Each delivery is a version folder of its own, complete
// and synced before the hostname's symbolic link is renamed onto it: a reader that resolves the link once always finds
// a key and the chain that belongs to it. `<directory>/<name>` -> `.versions/<name>/<version>/{fullchain,privkey,combined}.pem`;
// `<directory>/_pem/<name>.pem` -> `../<name>/combined.pem`, for servers that take a folder of files with chain and key.
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type CertificateDestination, requireDeliverable } from '@hostmaster/core/pki/destination';

type CertificateFiles = { readonly fullchainPem: string; readonly privateKeyPem: string };

/**
 * A destination that is a directory. Errors of its operations: invalid-input for a hostile name; delivery-failed.
 * @param reload has what serves from the directory read it; nothing where that looks at every handshake
 */
export const directoryDestination = (directory: string, reload: () => Promise<void> = async () => {}): CertificateDestination => ({
  held: (hostname) => heldFingerprint(directory, hostname),
  deliver: ({ hostname, ...files }) => deliverCertificate({ directory, reload }, hostname, files),
  withdraw: (hostname) => removeCertificate({ directory, reload }, hostname),
});

type Edge = { readonly directory: string; readonly reload: () => Promise<void> };

const versionsFolder = '.versions';
/** No hostname begins so. */
const combinedFolder = '_pem';
/** Stands in a version until what serves from the directory was told to read it: a worker that dies before that finds it, and goes on. */
const untoldMark = 'untold';

/** A file name has 255 bytes at most; nobody goes by that of this one. */
const longestLink = 251;
const combinedLink = (directory: string, folder: string): string => {
  const name = folder.length <= longestLink ? folder : `long-${createHash('sha256').update(folder).digest('hex')}`;
  return join(directory, combinedFolder, `${name}.pem`);
};
const combined = ({ fullchainPem, privateKeyPem }: CertificateFiles): string => fullchainPem + privateKeyPem;

/**
 * The folder of a hostname: its own name in A-labels, or `_wildcard.<suffix>`. Nothing else passes, so no name can
 * reach outside the directory or into its bookkeeping. Errors: invalid-input.
 */
export function certificateFolder(hostname: string): string {
  requireDeliverable(hostname);
  return hostname.startsWith('*.') ? `_wildcard.${hostname.slice(2)}` : hostname;
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

/**
 * What cannot be read, for whatever reason, is as good as not there: a delivery mends it or says why it cannot. So is what stands there,
 * and nobody was told to read.
 */
async function heldFingerprint(directory: string, hostname: string): Promise<string | null> {
  try {
    const folder = certificateFolder(hostname);
    const version = await realpath(join(directory, folder));
    await stat(combinedLink(directory, folder));
    if ((await lstatOrNull(join(version, untoldMark))) !== null) return null;
    const [leaf] = splitPem(await readFile(join(version, 'fullchain.pem'), 'utf8'));
    return leaf === undefined ? null : createHash('sha256').update(leaf).digest('hex');
  } catch {
    return null;
  }
}

const lstatOrNull = (path: string) =>
  lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

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
  const found = await lstatOrNull(link);
  if (found === null || found.isSymbolicLink()) return;
  const what = found.isDirectory() ? 'A folder' : 'A file';
  throw new HostmasterError(
    'delivery-failed',
    `${what} that Hostmaster did not make stands at ${link}. Move it away, and what it serves with it.`,
  );
}

async function deliverCertificate({ directory, reload }: Edge, hostname: string, files: CertificateFiles): Promise<void> {
  const folder = certificateFolder(hostname);
  const link = join(directory, folder);
  const version = await inPlace(directory, folder, files).catch((error: unknown) => {
    throw deliveryError(error, link);
  });
  await reload();
  await rm(join(version, untoldMark), { force: true }).catch((error: unknown) => {
    throw deliveryError(error, version);
  });
}

/** Puts the files where they are read, unless they stand there. @returns the folder of their version */
async function inPlace(directory: string, folder: string, files: CertificateFiles): Promise<string> {
  const link = join(directory, folder);
  await refuseForeign(link);
  await refuseForeign(combinedLink(directory, folder));
  const version = (await versionWith(link, files)) ?? (await putVersion(directory, folder, files));
  // After what it leads to: a server refuses a whole folder for one link into nothing.
  await mkdir(join(directory, combinedFolder), { recursive: true, mode: 0o700 });
  await symlink(join('..', folder, 'combined.pem'), combinedLink(directory, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await syncFolder(directory);
  return version;
}

/** The version that the link leads to, where it is these files; else null. */
async function versionWith(link: string, files: CertificateFiles): Promise<string | null> {
  try {
    const version = await realpath(link);
    const held = await readFile(join(version, 'combined.pem'), 'utf8');
    return held === combined(files) ? version : null;
  } catch {
    return null;
  }
}

async function putVersion(directory: string, folder: string, files: CertificateFiles): Promise<string> {
  const versions = join(directory, versionsFolder, folder);
  const name = randomUUID();
  const staged = join(versions, `${name}.link`);
  const version = join(versions, name);
  try {
    await mkdir(version, { recursive: true, mode: 0o700 });
    await writeSynced(join(version, 'fullchain.pem'), files.fullchainPem);
    await writeSynced(join(version, 'privkey.pem'), files.privateKeyPem);
    await writeSynced(join(version, 'combined.pem'), combined(files));
    await writeSynced(join(version, untoldMark), '');
    await syncFolder(version);
    await syncFolder(versions);
    await symlink(join(versionsFolder, folder, name), staged);
    await rename(staged, join(directory, folder));
  } catch (error) {
    // What is tried again for hours must not leave a key on the disk each time.
    await Promise.allSettled([version, staged].map((path) => rm(path, { recursive: true, force: true })));
    throw error;
  }
  // Whatever keeps the old ones from going, the new one is in place, and the next delivery tries again.
  await prune(versions, name).catch(() => undefined);
  return realpath(version);
}

/** The folder of its versions, empty, stays until what serves from the directory was told: a worker that dies before that goes on. */
async function removeCertificate({ directory, reload }: Edge, hostname: string): Promise<void> {
  const folder = certificateFolder(hostname);
  const versions = join(directory, versionsFolder, folder);
  const link = join(directory, folder);
  // Chain and key in one first: it leads through the other link.
  const links = [combinedLink(directory, folder), link];
  try {
    const there = await Promise.all([...links, versions].map(lstatOrNull));
    if (there.every((each) => each === null)) return;
    // Whatever stands at the place of a link, no key of ours stays.
    const judged = await Promise.allSettled(links.map(refuseForeign));
    const foreign = judged.find((each) => each.status === 'rejected');
    if (foreign === undefined) await mkdir(versions, { recursive: true, mode: 0o700 });
    for (const [at, path] of links.entries()) if (judged[at]?.status === 'fulfilled') await rm(path, { force: true });
    for (const version of await readdir(versions).catch(() => [])) await rm(join(versions, version), { recursive: true, force: true });
    if (foreign !== undefined) {
      await rmdir(versions).catch(() => undefined);
      throw foreign.reason;
    }
  } catch (error) {
    throw deliveryError(error, link);
  }
  await reload();
  // Another worker may have put something there meanwhile.
  await rmdir(versions).catch(() => undefined);
}
