// The world as others see and change it: a colleague who edits the zone by hand, and a user who looks at the certificate.
import { connect } from 'node:tls';
import { exchangeTcp } from '@hostmaster/adapters/dns/exchange';
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import { makePlan } from '@hostmaster/core/dns/plan';
import { isManaged, type RecordSet } from '@hostmaster/core/dns/record-set';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { tsigKey } from '@hostmaster/core/dns/wire/tsig';
import { updateMessage } from '@hostmaster/core/dns/wire/update';
import { type World, zoneApex } from './world.ts';

const signal = (): AbortSignal => AbortSignal.timeout(10_000);

const providerOf = ({ server, tsig }: World) =>
  createRfc2136Provider({ zone: zoneApex, server: { address: server.address, port: server.port }, tsig, clock: systemClock });

/** What the primary holds at a name, of the types that Hostmaster writes. */
export const heldAt = async (world: World, name: string): Promise<readonly RecordSet[]> =>
  (await providerOf(world).readName(name, signal())).filter(isManaged);

/** Puts exactly these record sets at a name, behind Hostmaster's back. */
export async function writeByHand(world: World, name: string, recordSets: readonly Omit<RecordSet, 'name'>[]): Promise<void> {
  const wanted = recordSets.map((set) => ({ ...set, name }));
  await providerOf(world).apply(makePlan(wanted, await heldAt(world, name)), signal());
}

/** One record more of whatever type, past what Hostmaster writes. */
export async function addByHand({ server, tsig }: World, name: string, type: number, data: Uint8Array): Promise<void> {
  const update = updateMessage(1, zoneApex, [], [{ kind: 'add', name, type, ttl: 60, data }]);
  const key = tsigKey(tsig.name, tsig.algorithm, tsig.secret);
  const { rcode } = await exchangeTcp(server, update, { signal: signal(), tsig: { key, clock: systemClock } });
  if (rcode !== rcodes.NOERROR) throw new Error(`The update was answered with ${rcode}.`);
}

/** Leads the zone elsewhere, as its owner would: together with its secret. */
export async function connectAnew(world: World, connection: object, secret = world.tsig.secret): Promise<void> {
  const { id } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  // Written out, because it never changes: what was sealed for this, as bytes, opens for ever.
  const { keyId, ciphertext } = await world.keyStore.seal(Buffer.from(secret, 'base64'), `zone:${id}:tsig`);
  await world.db.zone.update({ where: { id }, data: { connection, secretKeyId: keyId, secretCiphertext: Buffer.from(ciphertext) } });
}

export const address = (value: string, ttl = 60): Omit<RecordSet, 'name'> => ({ type: 'A', ttl, values: [value] });

/** Serial of the certificate that the edge presents for a name, upper-case hex; null where it knows none. */
export function servedSerial(world: World, hostname: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(
      { host: '127.0.0.1', port: world.edge.port, servername: hostname, rejectUnauthorized: false, timeout: 5000 },
      () => {
        resolve(socket.getPeerX509Certificate()?.serialNumber ?? null);
        socket.destroy();
      },
    );
    socket.once('error', () => resolve(null)).once('timeout', () => socket.destroy());
  });
}
