import type { Actor } from '@hostmaster/core/policy/authorize';
import { actingDb } from '@hostmaster/db/acting';
import type { Client, SealingCtx } from '@hostmaster/usecases/context';
import type { Container } from './container.ts';

/** What a use case is handed for somebody: its database acts for them, and what they do is kept with from where they ask. */
export const usecaseContext = (parts: Container['parts'], actor: Actor, client: Client): SealingCtx => ({
  ...parts,
  actor,
  client,
  db: actingDb(parts.db, actor),
});

/** From where a request comes. */
export const clientOf = ({ sessionId, clientAddress }: { readonly sessionId: string | null; readonly clientAddress: string }): Client => ({
  sessionId,
  address: clientAddress,
});
