// A connection is tried before anything is kept with it: what was typed waits for a worker, its secret sealed, and is thrown away with
// the end of the test. Of one that passed a digest stays, by which it is known again when it is to be kept.
import { randomUUID } from 'node:crypto';
import type { Operation } from '@hostmaster/core/contract/operation';
import type { Connection, SecretDescriptor } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import { trialsPerPerson } from '@hostmaster/core/operation/limits';
import type { Tx } from '@hostmaster/db/client';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { digestOf, type Facts, type Tried } from './tested.ts';

/** Settings of a connection are kept as JSON, whatever the schema of their kind makes of what was typed. */
const stored = z.record(z.string(), z.json());

/** The columns of a connection; its secret is sealed to the worker for one thing, and opens for no other. @param context of what */
export async function sealedConnection(
  { sealer }: Pick<SealingCtx, 'sealer'>,
  { settings, secret }: Connection,
  descriptor: SecretDescriptor | null,
  context: (secret: SecretDescriptor) => string,
) {
  const sealed = secret === undefined || descriptor === null ? null : await sealer.seal(secret, context(descriptor));
  return {
    settings: stored.parse(settings),
    secretKeyId: sealed?.keyId ?? null,
    secretCiphertext: sealed === null ? null : Buffer.from(sealed.ciphertext),
  };
}

type Sealed = Awaited<ReturnType<typeof sealedConnection>>;

export type Trial = Tried & {
  readonly act: 'zone.try' | 'issuer.try' | 'destination.try';
  /** What its event is about, for people. */
  readonly name: string;
  /** What its event says of that. */
  readonly said: Facts;
  /** Seals it for the trial of this id, before anything is stored. */
  readonly seal: (id: string) => Promise<Sealed>;
};

/** Errors: rate-limited. */
export async function beginTrial(ctx: SealingCtx, { of, act, name, connection, about, said, seal }: Trial): Promise<Operation> {
  // Named before it is stored: the secret is sealed for this trial, and opens for nothing else.
  const id = randomUUID();
  const sealed = await seal(id);
  const digest = await digestOf(id, { of, connection, about });
  const { kind } = connection;
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:trial:${ctx.actor.id}`, ...trialsPerPerson });
    const wish = { kind: of, purpose: 'test', subject: `trial:${id}`, reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('internal', 'A trial that nobody else knows of is under way already.');
    await tx.connectionTrial.create({
      data: { id, operationId: operation.id, kind, about, ...sealed, digest, createdAt: now },
      select: { id: true },
    });
    await audit(tx, ctx, act, { id, name }, { ...said, connection: { kind, settings: sealed.settings } }, now);
    return presentOperation(operation, workforce);
  });
}

/** Errors: not-found, where nobody took it in time or it has ended. */
export async function triedBy(db: Pick<Tx, 'connectionTrial'>, operationId: string) {
  const trial = await db.connectionTrial.findUnique({ where: { operationId } });
  if (trial === null) throw new HostmasterError('not-found', 'What was to be tried is gone.');
  return trial;
}
