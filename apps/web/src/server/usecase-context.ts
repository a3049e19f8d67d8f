import type { Actor } from '@hostmaster/core/policy/authorize';
import { actingDb } from '@hostmaster/db/acting';
import type { SealingCtx } from '@hostmaster/usecases/context';
import type { Container } from './container.ts';

/** What a use case is handed for somebody: its database acts for them. */
export const usecaseContext = (parts: Container['parts'], actor: Actor): SealingCtx => ({
  ...parts,
  actor,
  db: actingDb(parts.db, actor),
});
