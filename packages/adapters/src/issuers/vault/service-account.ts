import { readFile } from 'node:fs/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';

/** Kubernetes writes another one there from time to time, so that it is read anew whenever it is needed. Errors: issuer-unavailable. */
export async function readServiceAccount(path: string): Promise<string> {
  const missing = (cause?: unknown): HostmasterError =>
    new HostmasterError('issuer-unavailable', `The worker has no token of a Kubernetes service account at ${path}.`, {
      cause,
      movesNext: operator,
    });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw missing(cause);
  });
  if (text.trim() === '') throw missing();
  return text.trim();
}
