// Whether the CAA records of names let an issuer in, before it is asked: it would refuse, and say so to nobody who can mend it.
import { type CaaAsker, type CaaRecord, caaFault, caaRemedy, readCaa } from '@hostmaster/core/acme/caa';
import { proofMethodOf } from '@hostmaster/core/acme/proofs';
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import type { View } from '@hostmaster/core/dns/view';
import { nameLabels } from '@hostmaster/core/dns/wire/name';
import { HostmasterError } from '@hostmaster/core/errors';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { WorkerCtx } from '../context.ts';
import { askedServers } from '../zone/connect.ts';
import { zoneKeeping } from '../zone/keeping.ts';

type Wanted = {
  readonly names: readonly string[];
  readonly contract: { readonly view: View; readonly tls: Pick<EndpointContract['tls'], 'challenge'> };
};

/** What could not be seen, and what stands where an alias leads, is for the CA to judge. Errors: issuer-unavailable, with what to write where. */
export async function requireCaa(
  ctx: WorkerCtx,
  issuer: string,
  { caa, resolver }: CertificateIssuer,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const asker = (await caa?.(proofMethodOf(wanted.contract.tls), signal)) ?? null;
  if (asker === null) return;
  const { view } = wanted.contract;
  const seen = new Map<string, Promise<readonly CaaRecord[]>>();
  const recordsOf = async (name: string) =>
    resolver === undefined ? recordsAt(ctx, name, view, signal) : ((await ctx.prober.resolveCaa(name, signal, resolver)) ?? []);
  for (const name of wanted.names) {
    const fault = await faultOf(name, asker, seen, recordsOf);
    if (fault !== null)
      throw new HostmasterError('issuer-unavailable', `${issuer} will not sign for ${name}: ${fault}`, { movesNext: zoneOwner });
  }
}

/** From the name upward, the first set that there is counts (RFC 8659 §3). */
async function faultOf(
  name: string,
  asker: CaaAsker,
  seen: Map<string, Promise<readonly CaaRecord[]>>,
  recordsOf: (name: string) => Promise<readonly CaaRecord[]>,
): Promise<string | null> {
  const wildcard = name.startsWith('*.');
  const climbed = nameLabels(wildcard ? name.slice(2) : name).map(({ suffix }) => suffix);
  for (const suffix of climbed) if (!seen.has(suffix)) seen.set(suffix, recordsOf(suffix));
  for (const suffix of climbed) {
    const records = (await seen.get(suffix)) ?? [];
    if (records.length === 0) continue;
    const fault = caaFault(records, wildcard, asker);
    return fault === null ? null : `of the CAA records of ${suffix}, ${fault}. Write there: ${caaRemedy(suffix, wildcard, asker)}`;
  }
  return null;
}

/** In a zone that is connected its own servers say it, elsewhere the system's resolver. */
async function recordsAt(ctx: WorkerCtx, name: string, view: View, signal: AbortSignal): Promise<readonly CaaRecord[]> {
  const zone = await zoneKeeping(ctx.db, name, view);
  if (zone === null) return (await ctx.prober.resolveCaa(name, signal)) ?? [];
  const answers = await ctx.prober.askServers(await askedServers(ctx, zone), name, 'CAA', signal);
  const said = answers.find(({ error, authoritative }) => error === null && authoritative);
  return (said?.values ?? []).flatMap((text) => readCaa(text) ?? []);
}
