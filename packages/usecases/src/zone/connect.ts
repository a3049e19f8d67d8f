import type { SettingsDescriptor } from '@hostmaster/core/descriptor';
import { ofKind } from '@hostmaster/core/descriptor';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Db } from '@hostmaster/db/client';
import type { WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';

type ZoneRow = NonNullable<Awaited<ReturnType<Db['zone']['findUnique']>>>;
type Secret = NonNullable<SettingsDescriptor['secret']>;

/** What a zone's secret is sealed for: copied to another zone's row, or read as another kind of secret, it does not open. */
export const secretContext = (zoneId: string, { purpose }: Secret): string => `zone:${zoneId}:${purpose}`;

/** Opens a zone's secret and its provider. Errors: key-unreadable, unsupported (nobody knows its kind). */
export async function connectZone(ctx: WorkerCtx, zone: ZoneRow): Promise<DnsProvider> {
  const descriptor = ofKind(ctx.dnsProviders, zone.provider);
  const settings = readStored(descriptor.settings, zone.connection, 'zone.connection');
  const secret = descriptor.secret === null ? new Uint8Array() : await openSecret(ctx, zone, descriptor.secret);
  return ctx.dnsProvider({ kind: zone.provider, zone: zone.apex, settings, secret });
}

async function openSecret(ctx: WorkerCtx, { id, apex, secretKeyId, secretCiphertext }: ZoneRow, descriptor: Secret): Promise<Uint8Array> {
  if (secretKeyId === null || secretCiphertext === null) throw new HostmasterError('key-unreadable', `The zone ${apex} has no secret.`);
  return ctx.keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, secretContext(id, descriptor));
}
