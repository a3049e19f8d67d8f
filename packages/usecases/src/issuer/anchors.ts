import { X509Certificate } from 'node:crypto';
import { isTrustAnchor } from '@hostmaster/core/pki/chain';
import { trustedRootStates } from '@hostmaster/core/pki/root-state';
import { sourcesBrought } from '@hostmaster/core/pki/source-traits';
import { inUse } from '@hostmaster/db/state-lists';
import type { Ctx } from '../context.ts';

/** What is announced is trusted before it signs. What a team brought vouches for its own names alone: nobody else is told to trust it. */
const trusted = { state: { in: [...trustedRootStates] }, kind: { notIn: [...sourcesBrought] } };

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text as they stand in it, the signing one first; none where it is empty. */
export const pemBlocks = (pem: string): readonly string[] => pem.match(pemBlock) ?? [];

/**
 * What people may install as trusted of these PEM texts, each once: roots that have not expired, and nothing below a root. Whoever
 * trusted an intermediate by itself would accept it without the limits that its root sets.
 */
export const anchorsOf = (pems: readonly string[], now: Date): readonly string[] => [
  ...new Set(pems.flatMap(pemBlocks).filter((block) => isTrustAnchor(new X509Certificate(block).raw, now))),
];

/** The anchors of every issuer, the oldest first, but for roots that are withdrawn. */
export async function knownAnchors({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<readonly string[]> {
  const issuers = await db.issuer.findMany({ where: trusted, select: { chainPem: true }, orderBy: { createdAt: 'asc' } });
  return anchorsOf(
    issuers.map(({ chainPem }) => chainPem),
    clock.now(),
  );
}

/** The roots above what the team of a name brought for it: for looking at that name, and for nothing else. */
export async function broughtAnchors({ db, clock }: Pick<Ctx, 'db' | 'clock'>, hostname: string): Promise<readonly string[]> {
  const certificates = { some: { endpoint: { hostname }, state: { in: inUse } } };
  const issuers = await db.issuer.findMany({ where: { kind: { in: [...sourcesBrought] }, certificates }, select: { chainPem: true } });
  return anchorsOf(
    issuers.map(({ chainPem }) => chainPem),
    clock.now(),
  );
}

/** The anchors as they are published, byte for byte; null where there are none. */
export const bundlePem = (anchors: readonly string[]): string | null => (anchors.length === 0 ? null : `${anchors.join('\n')}\n`);

/** The anchor that signed the last certificate of a chain, or that is it; null where it is not among these. */
export function anchorOf(chainPem: string, anchors: readonly string[]): string | null {
  const last = pemBlocks(chainPem).at(-1);
  if (last === undefined) return null;
  const certificate = new X509Certificate(last);
  const signedBy = (anchor: X509Certificate): boolean => certificate.checkIssued(anchor) && certificate.verify(anchor.publicKey);
  return anchors.find((anchor) => signedBy(new X509Certificate(anchor))) ?? null;
}
