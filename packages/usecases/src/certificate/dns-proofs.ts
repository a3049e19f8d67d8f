// Proofs of control for a CA, in the zones that Hostmaster keeps (RFC 8555 §8.4). Each is written down before it is put there, so that
// whatever ends in between, it is taken back: by whoever goes on with the order, else by the next work on the name, or reading of the zone.
import { challengeText } from '@hostmaster/core/acme/challenge';
import { challengeName } from '@hostmaster/core/acme/challenge-name';
import type { Proof, ProofWait } from '@hostmaster/core/acme/proofs';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import type { View } from '@hostmaster/core/dns/view';
import { HostmasterError } from '@hostmaster/core/errors';
import { nameServers, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { askedServers, connectZone } from '../zone/connect.ts';
import { zoneKeeping } from '../zone/keeping.ts';
import { mayNotWrite, shadowed } from './proof-words.ts';
import { takeAliasBack } from './standing-proofs.ts';

type Zone = NonNullable<Awaited<ReturnType<typeof zoneKeeping>>>;
/** Where it stands in DNS, and the one character-string of a TXT record there, in presentation format. */
type DnsProof = { readonly name: string; readonly text: string };
type Placed = { readonly zone: Zone; readonly proof: DnsProof };

/** Whoever delegates a challenge does it with one alias, or a few. */
const mostAliases = 8;
/** Read for once, and gone in a minute: resolvers need not keep it. */
const ttl = 60;
/** Others put and take back at the same name in the same moment. */
const mostTries = 4;

/** Errors: dns-*. */
export async function putInDns(ctx: WorkerCtx, orderId: string, asked: readonly Proof[], signal: AbortSignal): Promise<ProofWait | null> {
  const proofs = asked.map(({ hostname, keyAuthorization }) => ({ name: challengeName(hostname), text: challengeText(keyAuthorization) }));
  const order = await ctx.db.certificateOrder.findUniqueOrThrow({
    where: { id: orderId },
    select: { endpoint: { select: { view: true } } },
  });
  const places = await Promise.all(proofs.map((proof) => placeOf(ctx, proof, order.endpoint.view, signal)));
  const nowhere = places.find((place): place is ProofWait => 'message' in place);
  if (nowhere !== undefined) return nowhere;
  const placed = places.filter((place): place is Placed => 'zone' in place);
  const putAt = ctx.clock.now();
  const data = placed.map(({ zone, proof }) => ({ orderId, zoneId: zone.id, ...proof, putAt }));
  await transact(ctx.db, (tx) => tx.dnsProof.createMany({ data, skipDuplicates: true }));
  for (const { zone, proof } of placed) {
    const provider = await connectZone(ctx, zone);
    await change(provider, proof.name, (texts) => [...texts, proof.text], ttlIn(zone), signal);
  }
  return notSeen(ctx, placed, signal);
}

/** Takes back what an order put. Errors: dns-*. */
export async function takeBackFromDns(ctx: WorkerCtx, orderId: string, signal: AbortSignal): Promise<void> {
  const rows = await ctx.db.dnsProof.findMany({ where: { orderId }, include: { zone: true } });
  for (const { id, zone, type, name, text, found } of rows) {
    // A CA may ask for the same proof in another order, where it has an authorization for the name still (RFC 8555 §7.4).
    const shared = await ctx.db.dnsProof.findFirst({
      where: { zoneId: zone.id, type, name, text, orderId: { not: orderId } },
      select: { id: true },
    });
    if (zone.givenUpAt === null && shared === null && !found) {
      const provider = await connectZone(ctx, zone);
      if (type === 'CNAME') await takeAliasBack(provider, { name, target: text }, signal);
      else await change(provider, name, (texts) => texts.filter((one) => one !== text), null, signal);
    }
    await transact(ctx.db, (tx) => tx.dnsProof.deleteMany({ where: { id } }));
  }
}

const ttlIn = ({ ttlMin, ttlMax }: Zone): number => Math.min(Math.max(ttl, ttlMin), ttlMax);

/** Where the CA will look: at the name, or where an alias there leads, as long as the zones are ours. */
async function placeOf(ctx: WorkerCtx, proof: DnsProof, view: View, signal: AbortSignal): Promise<Placed | ProofWait> {
  let { name } = proof;
  for (let step = 0; step <= mostAliases; step += 1) {
    const zone = await zoneKeeping(ctx.db, name, view);
    if (zone === null) return elsewhere(proof.name, name, view);
    const alias = (await (await connectZone(ctx, zone)).readName(name, signal)).find(({ type }) => type === 'CNAME')?.values[0];
    if (alias === undefined) return { zone, proof: { ...proof, name } };
    name = alias;
  }
  return { message: `${proof.name} is an alias that leads on and on; the CA will not follow it.`, movesNext: zoneOwner };
}

function elsewhere(asked: string, name: string, view: View): ProofWait {
  const where = asked === name ? `${name} is` : `${asked} is an alias for ${name}, which is`;
  return {
    message: `${where} in no ${view} zone that is connected, so that nothing can be proved there: connect its zone, or take the alias away.`,
    movesNext: zoneOwner,
  };
}

/** The TXT set of a name with other texts in it, beside whatever else stands there. @param newTtl null: as it is */
async function change(
  provider: DnsProvider,
  name: string,
  to: (texts: readonly string[]) => readonly string[],
  newTtl: number | null,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const found = (await provider.readName(name, signal)).find(({ type }) => type === 'TXT');
    const before: RecordSet | null = found === undefined ? null : { ...found, type: 'TXT' };
    const values = [...new Set(to(before?.values ?? []))].sort();
    if (values.join('\n') === (before?.values ?? []).join('\n')) return;
    const after: RecordSet | null = values.length === 0 ? null : { name, type: 'TXT', ttl: before?.ttl ?? newTtl ?? ttl, values };
    try {
      return await provider.apply([{ name, type: 'TXT', before, after }], signal);
    } catch (error) {
      if (!(error instanceof HostmasterError)) throw error;
      if (error.code === 'dns-refused') throw mayNotWrite(name, 'TXT', error);
      if (error.code !== 'plan-stale') throw error;
      // Nothing that anybody approved has moved.
      if (tries >= mostTries)
        throw new HostmasterError('conflict', `Others change the TXT records of ${name} again and again; it is tried once more.`, {
          cause: error,
        });
    }
  }
}

/** A CA asks whichever server it likes: all of them must know the proof before it is asked to look. */
async function notSeen(ctx: WorkerCtx, placed: readonly Placed[], signal: AbortSignal): Promise<ProofWait | null> {
  for (const { zone, proof } of placed) {
    const answers = await ctx.prober.askServers(await askedServers(ctx, zone), proof.name, 'TXT', signal);
    const hidden = answers.find(({ cut, values }) => cut !== null && !values.includes(proof.text));
    if (hidden?.cut) return shadowed(proof.name, zone.apex, hidden.server, hidden.cut);
    const behind = answers.filter(({ values }) => !values.includes(proof.text)).map(({ server }) => server);
    if (behind.length > 0)
      return {
        message: `The proof at ${proof.name} is not answered by ${behind.join(', ')} yet; the CA is asked to look once it is.`,
        movesNext: nameServers,
      };
  }
  return null;
}
