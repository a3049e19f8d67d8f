// The secrets an installation makes for itself, once, each a file of its own that only its owner may read.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Secrets = {
  /** Encrypts the portal's session cookies. */
  readonly nextAuth: string;
  /** Key-encryption key, 32 octets in base64; for the worker and nobody else. */
  readonly kek: string;
  /** Of the four roles in PostgreSQL: each process gets its own and no other. */
  readonly postgres: { readonly superuser: string; readonly owner: string; readonly worker: string; readonly web: string };
  /** Shared by the embedded name server and the demo's zones: 32 octets in base64 for HMAC-SHA-256 (RFC 8945). */
  readonly tsig: string;
};

function readOrMake(file: string): string {
  try {
    // `wx`: what exists is never overwritten, because losing a key loses what it opens.
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

/** Reads the secrets in `directory`, making those that are missing. */
export function loadSecrets(directory: string): Secrets {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const secret = (name: string): string => readOrMake(join(directory, name));
  return {
    nextAuth: secret('nextauth'),
    kek: secret('key-encryption-key'),
    postgres: {
      superuser: secret('postgres'),
      owner: secret('postgres-owner'),
      worker: secret('postgres-worker'),
      web: secret('postgres-web'),
    },
    tsig: secret('tsig'),
  };
}
