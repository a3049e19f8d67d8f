import type { SettingsDescriptor } from '@hostmaster/core/descriptor';
import { ofKind } from '@hostmaster/core/descriptor';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { HostmasterError } from '@hostmaster/core/errors';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import type { Db } from '@hostmaster/db/client';
import type { WorkerCtx } from '../context.ts';
import { readServers } from '../stored-columns.ts';
import { readStored } from '../stored-json.ts';

type ZoneRow = NonNullable<Awaited<ReturnType<Db['zone']['findUnique']>>>;
/** Where a zone is kept: what its row says, and what is tried before there is one. */
export type Kept = Pick<ZoneRow, 'id' | 'apex' | 'view' | 'provider' | 'connection' | 'servers' | 'secretKeyId' | 'secretCiphertext'>;
type Secret = NonNullable<SettingsDescriptor['secret']>;

/** What a zone's secret is sealed for: copied to another zone's row, or read as another kind of secret, it does not open. */
export const secretContext = (zoneId: string, { purpose }: Secret): string => `zone:${zoneId}:${purpose}`;

/** Opens a zone's secret and its provider. Errors: key-unreadable, unsupported (nobody knows its kind). */
export async function connectZone(ctx: WorkerCtx, zone: Kept): Promise<DnsProvider> {
  const descriptor = ofKind(ctx.dnsProviders, zone.provider);
  const settings = readStored(descriptor.settings, zone.connection, 'zone.connection');
  const secret = descriptor.secret === null ? new Uint8Array() : await openSecret(ctx, zone, descriptor.secret);
  return ctx.dnsProvider({ kind: zone.provider, zone: zone.apex, settings, secret });
}

/**
 * The zone's authoritative servers, with the zone's key where its connection says that they are asked with it. Errors: key-unreadable.
 */
export async function askedServers(ctx: WorkerCtx, zone: Kept): Promise<readonly AskedServer[]> {
  const tsig = await questionTsig(ctx, zone);
  return readServers(zone.servers).map((server) => ({ ...server, tsig }));
}

async function questionTsig(ctx: WorkerCtx, zone: Kept): Promise<AskedServer['tsig']> {
  // Of a kind that nobody knows any more nothing is written, but what its servers answer can still be seen.
  const descriptor = ctx.dnsProviders.get(zone.provider);
  if (descriptor === undefined || descriptor.secret === null) return null;
  const keyFrom = descriptor.questionKey(readStored(descriptor.settings, zone.connection, 'zone.connection'));
  return keyFrom === null ? null : { key: keyFrom(await openSecret(ctx, zone, descriptor.secret)), clock: ctx.clock };
}

async function openSecret(ctx: WorkerCtx, { id, apex, secretKeyId, secretCiphertext }: Kept, descriptor: Secret): Promise<Uint8Array> {
  if (secretKeyId === null || secretCiphertext === null) throw new HostmasterError('key-unreadable', `The zone ${apex} has no secret.`);
  return ctx.keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, secretContext(id, descriptor));
}
