import type { Certificate } from '@hostmaster/core/contract/certificate';

export type ChainCertificate = Certificate['chain'][number];

/** A chain is served without its root; what the issuers are known by completes it, up to the one that signed itself. */
export function completeChain(chain: readonly ChainCertificate[], known: readonly ChainCertificate[]): ChainCertificate[] {
  const whole = [...chain];
  for (let last = whole.at(-1); last !== undefined && last.issuer !== last.subject; last = whole.at(-1)) {
    const { issuer } = last;
    const next = known.find((each) => each.subject === issuer && !whole.some(({ fingerprint }) => fingerprint === each.fingerprint));
    if (next === undefined) break;
    whole.push(next);
  }
  return whole;
}
