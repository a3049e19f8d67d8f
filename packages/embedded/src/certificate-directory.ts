// Finds the certificate for a server name in a directory with one folder a name. Every handshake looks at the folder's
// resolved path and times, so a delivered renewal is served at the next one, with no watcher that could miss it.
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { certificateFolder } from '@hostmaster/adapters/destinations/directory';

export type CertificateDirectory = {
  /** The context for a server name: its own certificate, else the wildcard of its parent; null where there is none. */
  contextFor(serverName: string): Promise<SecureContext | null>;
};

type Entry = { readonly stamp: string; readonly context: SecureContext };

const maxCached = 10_000;

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG')
  );
}

/** The folders to look in, the most specific first; none for text that is not a host name. */
function foldersFor(serverName: string): string[] {
  const parent = serverName.slice(serverName.indexOf('.') + 1);
  const candidates = parent.includes('.') ? [serverName, `*.${parent}`] : [serverName];
  try {
    return candidates.map(certificateFolder);
  } catch {
    return [];
  }
}

export function createCertificateDirectory(directory: string): CertificateDirectory {
  const cache = new Map<string, Entry>();

  async function load(folder: string): Promise<SecureContext | null> {
    // Resolved once: both files are then read from the same version, even while a delivery swaps the link.
    const version = await realpath(join(directory, folder));
    const [chainPath, keyPath] = [join(version, 'fullchain.pem'), join(version, 'privkey.pem')];
    const [chainStat, keyStat] = await Promise.all([stat(chainPath), stat(keyPath)]);
    const stamp = [version, chainStat.mtimeMs, chainStat.size, keyStat.mtimeMs, keyStat.size].join(':');
    const known = cache.get(folder);
    if (known?.stamp === stamp) return known.context;
    const [cert, key] = await Promise.all([readFile(chainPath), readFile(keyPath)]);
    try {
      const context = createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
      if (cache.size >= maxCached) cache.clear();
      cache.set(folder, { stamp, context });
      return context;
    } catch {
      // Half-written by something that does not swap at once, or not a pair: what was served before is better than nothing.
      return known?.context ?? null;
    }
  }

  async function find(folder: string): Promise<SecureContext | null> {
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        return await load(folder);
      } catch (error) {
        // A version that was removed between resolving and reading: look again, once.
        if (!isMissing(error)) throw error;
      }
    }
    cache.delete(folder);
    return null;
  }

  return {
    async contextFor(serverName) {
      for (const folder of foldersFor(serverName)) {
        const context = await find(folder);
        if (context !== null) return context;
      }
      return null;
    },
  };
}
