// What a look at a place changes of where certificates were seen.
import type { Tx } from './client.ts';

export type SeenPlace = {
  readonly scopeId: string;
  readonly address: string;
  readonly port: number /** Empty: asked with none. */;
  readonly serverName: string;
};

/** The place presented this certificate, and every other that it had presented is gone from there. */
export async function noteSeen(tx: Tx, place: SeenPlace, certificateId: string, now: Date): Promise<void> {
  const seen = { ...place, certificateId };
  await tx.sighting.upsert({
    where: { certificateId_scopeId_address_port_serverName: seen },
    create: { ...seen, firstSeenAt: now, lastSeenAt: now },
    update: { lastSeenAt: now, goneAt: null },
  });
  await tx.sighting.updateMany({ where: { ...place, goneAt: null, certificateId: { not: certificateId } }, data: { goneAt: now } });
}

/** The place answered, and presented none. */
export async function noteGone(tx: Tx, place: SeenPlace, now: Date): Promise<void> {
  await tx.sighting.updateMany({ where: { ...place, goneAt: null }, data: { goneAt: now } });
}

/** What was not seen in a scope since, whatever was there: it does not answer any more, or is not looked at. */
export async function noteLongGone(tx: Tx, scopeId: string, since: Date, now: Date): Promise<void> {
  await tx.sighting.updateMany({ where: { scopeId, goneAt: null, lastSeenAt: { lt: since } }, data: { goneAt: now } });
}

/** What was seen where the scope was looked at before it was changed: nobody looks there any more, and so nobody would see that it is gone. */
export async function forgetElsewhere(tx: Tx, scopeId: string, isLookedAt: (place: Omit<SeenPlace, 'scopeId'>) => boolean): Promise<void> {
  const places = await tx.sighting.findMany({
    where: { scopeId },
    distinct: ['address', 'port', 'serverName'],
    select: { address: true, port: true, serverName: true },
  });
  const others = places.filter((place) => !isLookedAt(place));
  if (others.length > 0) await tx.sighting.deleteMany({ where: { scopeId, OR: others } });
}
