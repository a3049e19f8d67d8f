import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { Db } from '@hostmaster/db/client';
import { z } from 'zod';
import type { WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';

type ZoneRow = NonNullable<Awaited<ReturnType<Db['zone']['findUnique']>>>;

const primary = z.object({ address: z.string(), port: z.number().int() });
const tsigKey = z.object({ name: z.string(), algorithm: z.enum(['hmac-sha256', 'hmac-sha384', 'hmac-sha512']) }).nullable();

/** What a zone's TSIG secret is sealed for: a secret that is copied to another zone's row does not open. */
export const tsigContext = (zoneId: string): string => `zone:${zoneId}:tsig`;

/** Opens a zone's secret and its provider. Errors: key-unreadable. */
export async function connectZone(ctx: WorkerCtx, zone: ZoneRow): Promise<DnsProvider> {
  const key = readStored(tsigKey, zone.tsigKey, 'zone.tsig_key');
  const sealed =
    zone.secretKeyId !== null && zone.secretCiphertext !== null ? { keyId: zone.secretKeyId, ciphertext: zone.secretCiphertext } : null;
  const tsig =
    key === null || sealed === null
      ? null
      : { ...key, secret: Buffer.from(await ctx.keyStore.open(sealed, tsigContext(zone.id))).toString('base64') };
  return ctx.dnsProvider({ zone: zone.apex, provider: zone.provider, primary: readStored(primary, zone.primary, 'zone.primary'), tsig });
}
