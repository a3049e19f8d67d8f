// Proofs of control that stay in DNS for as long as a certificate is renewed by its CA: aliases, in public zones that Hostmaster keeps. Each is
// written down before it is put there; it is taken back with the proofs of other orders (proofs.ts), once nobody wants what it is for.
import type { ProofWait } from '@hostmaster/core/acme/proofs';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { OtherRecordSet, RecordSet } from '@hostmaster/core/dns/record-set';
import { HostmasterError } from '@hostmaster/core/errors';
import { nameServers, zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { AliasProof, StandingProofs } from '@hostmaster/core/pki/standing-proofs';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { askedServers, connectZone } from '../zone/connect.ts';
import { zoneKeeping } from '../zone/keeping.ts';
import { mayNotWrite, shadowed } from './proof-words.ts';

type Zone = NonNullable<Awaited<ReturnType<typeof zoneKeeping>>>;
type Placed = { readonly zone: Zone; readonly proof: AliasProof };

/** It stands for months. */
const ttl = 300;

export const createStandingProofs = (ctx: WorkerCtx): StandingProofs => ({
  async put(orderId, proofs, signal) {
    const placed: Placed[] = [];
    for (const proof of proofs) {
      // The CA looks from outside, whatever the view of the name.
      const zone = await zoneKeeping(ctx.db, proof.name, 'public');
      if (zone === null) return nowhere(proof);
      placed.push({ zone, proof });
    }
    for (const each of placed) {
      const wait = await putOne(ctx, orderId, each, signal);
      if (wait !== null) return wait;
    }
    return notSeen(ctx, placed, signal);
  },
});

/** Takes an alias back where it leads where it was put to lead. Errors: dns-*. */
export async function takeAliasBack(provider: DnsProvider, { name, target }: AliasProof, signal: AbortSignal): Promise<void> {
  const before = aliasAt(await provider.readName(name, signal));
  if (before === null || before.values[0] !== target) return;
  await provider.apply([{ name, type: 'CNAME', before, after: null }], signal);
}

const nowhere = ({ name }: AliasProof): ProofWait => ({
  message: `${name} is in no public zone that is connected, so that nothing can be proved there: connect its zone.`,
  movesNext: zoneOwner,
});

const aliasAt = (found: readonly OtherRecordSet[]): RecordSet | null => {
  const set = found.find(({ type }) => type === 'CNAME');
  return set === undefined ? null : { ...set, type: 'CNAME' };
};

async function putOne(ctx: WorkerCtx, orderId: string, { zone, proof }: Placed, signal: AbortSignal): Promise<ProofWait | null> {
  const { name, target } = proof;
  const provider = await connectZone(ctx, zone);
  const standing = await provider.readName(name, signal);
  const alias = aliasAt(standing);
  if (alias === null ? standing.length > 0 : alias.values[0] !== target)
    return {
      message: `${name} must be an alias for ${target} for the CA to see that the name is ours, and something else stands there: ${standing.map(({ type, values }) => `${type} ${values.join(', ')}`).join('; ')}. Take that away.`,
      movesNext: zoneOwner,
    };
  const same = { zoneId: zone.id, type: 'CNAME', name, text: target };
  // Another certificate of the same account has the same proof: whoever put it there for one of those needs it still.
  const isOurs = (await ctx.db.dnsProof.findFirst({ where: { ...same, found: false }, select: { id: true } })) !== null;
  const data = { orderId, ...same, found: alias !== null && !isOurs, putAt: ctx.clock.now() };
  await transact(ctx.db, (tx) => tx.dnsProof.createMany({ data: [data], skipDuplicates: true }));
  if (alias !== null) return null;
  const after: RecordSet = { name, type: 'CNAME', ttl: Math.min(Math.max(ttl, zone.ttlMin), zone.ttlMax), values: [target] };
  try {
    await provider.apply([{ name, type: 'CNAME', before: null, after }], signal);
    return null;
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'dns-refused') throw mayNotWrite(name, 'CNAME', error);
    throw error;
  }
}

/** A CA asks whichever server it likes: all of them must know the alias. */
async function notSeen(ctx: WorkerCtx, placed: readonly Placed[], signal: AbortSignal): Promise<ProofWait | null> {
  for (const { zone, proof } of placed) {
    const answers = await ctx.prober.askServers(await askedServers(ctx, zone), proof.name, 'CNAME', signal);
    const hidden = answers.find(({ cut, values }) => cut !== null && !values.includes(proof.target));
    if (hidden?.cut) return shadowed(proof.name, zone.apex, hidden.server, hidden.cut);
    const behind = answers.filter(({ values }) => !values.includes(proof.target)).map(({ server }) => server);
    if (behind.length > 0)
      return { message: `The proof at ${proof.name} is not answered by ${behind.join(', ')} yet.`, movesNext: nameServers };
  }
  return null;
}
