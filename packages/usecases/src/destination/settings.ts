import type { DestinationRow } from '@hostmaster/core/contract/destination';
import { type Connection, ofKind } from '@hostmaster/core/descriptor';
import { z } from 'zod';
import type { Tried } from '../connection/tested.ts';
import { sealedConnection } from '../connection/try.ts';
import type { SealingCtx } from '../context.ts';
import { destinationSecretContext } from './secret.ts';

const stored = z.record(z.string(), z.json());

/** The columns of a connection; its secret is sealed to the worker for this destination, and opens for no other. */
export const destinationColumns = (ctx: SealingCtx, id: string, connection: Connection) =>
  sealedConnection(ctx, connection, ofKind(ctx.destinationKinds, connection.kind).secret, (secret) => destinationSecretContext(id, secret));

/** As a test is of it, before it is kept. */
export const triedDestination = (connection: Connection): Tried => ({ of: 'destination', connection, about: {} });

/** What the audit trail keeps of a destination: what somebody said of it, and nothing secret. */
export const factsOf = ({ kind, settings }: DestinationRow): z.output<typeof stored> => stored.parse({ kind, settings });
