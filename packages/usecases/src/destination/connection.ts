import { ofKind } from '@hostmaster/core/descriptor';
import type { DestinationConnection, DestinationKinds } from '@hostmaster/core/pki/destination';
import type { StoredDestination, WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';
import { openDestinationSecret } from './secret.ts';

/** What a row says, with its secret opened. Errors: unsupported (nobody knows its kind), key-unreadable. */
export async function destinationConnection(
  ctx: Pick<WorkerCtx, 'keyStore'> & { readonly destinationKinds: DestinationKinds },
  row: StoredDestination,
): Promise<DestinationConnection<Record<string, unknown>>> {
  const kind = ofKind(ctx.destinationKinds, row.kind);
  return {
    slug: row.slug,
    settings: readStored(kind.settings, row.settings, 'destination.settings'),
    secret: await openDestinationSecret(ctx, row, kind.secret),
  };
}
