import { HostmasterError } from '@hostmaster/core/errors';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import { z } from 'zod';
import type { WebhookReceiver } from './receiver.ts';

const answered = z.object({
  fingerprint: z
    .string()
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{64}$/))
    .nullable(),
});

/** SHA-256 of the leaf that a receiver says it holds for a name; null where it says none. Errors: delivery-failed. */
export async function heldAt(receiver: WebhookReceiver, name: string, hostname: string, signal: AbortSignal): Promise<string | null> {
  const said = answered.safeParse(await receiver.send({ type: 'certificate.held', data: { hostname } }, signal));
  if (said.success) return said.data.fingerprint;
  throw new HostmasterError(
    'delivery-failed',
    `${name} does not say what it holds: it answers no JSON with a “fingerprint” that is SHA-256 as hex, or null.`,
    { movesNext: clusterOperator(name) },
  );
}
