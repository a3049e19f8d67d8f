// The operation by which a vault makes the next version of a certificate; the last one of each name can be read until another one is begun.
import { isRestError } from '@azure/core-rest-pipeline';
import { HostmasterError } from '@hostmaster/core/errors';
import type { OperationSaid } from '@hostmaster/core/key-vault/words';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { z } from 'zod';
import type { Vault } from '../../destinations/key-vault/vault.ts';
import { orNull } from '../../destinations/key-vault/vault-error.ts';
import { jsonOf } from '../../net/answer.ts';

export type Operation = OperationSaid & {
  readonly requestId: string;
  /** Those of its CSR; null where that cannot be read. */
  readonly names: readonly string[] | null;
};

const told = z.object({
  status: z.string(),
  status_details: z.string().nullish(),
  request_id: z.string(),
  csr: z.string().nullish(),
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }).nullish(),
});

/** The last one of the name; null where there is none. Errors: as of `Vault`. */
export async function operationOf(vault: Vault, name: string, signal: AbortSignal): Promise<Operation | null> {
  const found = await orNull(() =>
    vault.call(
      'read the operation of a certificate',
      async (client, options) => {
        let body: string | null = null;
        const onResponse = (response: { readonly request: { readonly url: string }; readonly bodyAsText?: string | null }) => {
          if (new URL(response.request.url).pathname.endsWith('/pending')) body = response.bodyAsText ?? null;
        };
        try {
          await client.getCertificateOperation(name, { ...options, onResponse });
        } catch (error) {
          // Of an operation that came to nothing, the client throws its message alone, and leaves out what the vault calls it.
          if (body === null || isRestError(error)) throw error;
        }
        return told.parse(jsonOf(Buffer.from(body ?? '')));
      },
      signal,
    ),
  );
  if (found === null) return null;
  const { status, status_details: details, request_id: requestId, csr, error } = found;
  return {
    status,
    details: details ?? '',
    requestId,
    error: error ?? null,
    names: csr == null ? null : namesOf(Buffer.from(csr, 'base64')),
  };
}

function namesOf(csr: Uint8Array): readonly string[] | null {
  try {
    return parseCsr(csr).names;
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}
