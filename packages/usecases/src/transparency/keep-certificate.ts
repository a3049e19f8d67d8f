// Each certificate is kept once, however it was found. A precertificate and what became of it are one: they have the same to-be-signed
// part but for the timestamps of the logs; the serial only narrows what is compared.
import { type DiscoveredFacts, discoveredFacts } from '@hostmaster/core/discovery/discovered-facts';
import { splitPem } from '@hostmaster/core/pki/chain';
import type { FoundEntry } from '@hostmaster/core/transparency/found-entry';
import { precertificateFingerprint } from '@hostmaster/core/transparency/precertificate';
import type { Tx } from '@hostmaster/db/client';

type Found = { readonly facts: DiscoveredFacts; readonly chain: readonly Uint8Array[] };

/** More certificates of one serial than there are. */
const mostAlike = 10;

/** Keeps a certificate; its precertificate, where that was found before, becomes it. @returns its id */
export async function keepCertificate(tx: Tx, { facts: { names, ...facts }, chain }: Found, now: Date): Promise<string> {
  const [leaf] = chain;
  const before = leaf === undefined ? null : precertificateFingerprint(leaf);
  if (leaf !== undefined && before !== null) {
    const there = await tx.discoveredCertificate.findUnique({ where: { fingerprint: before }, select: { id: true, precertificate: true } });
    if (there?.precertificate === true) await become(tx, there.id, facts.fingerprint, chain);
  }
  const { id } = await tx.discoveredCertificate.upsert({
    where: { fingerprint: facts.fingerprint },
    create: { ...facts, names: [...names], chain: chain.map((der) => Uint8Array.from(der)), firstSeenAt: now, lastSeenAt: now },
    update: { lastSeenAt: now },
    select: { id: true },
  });
  return id;
}

/** Keeps what stands in a log. @returns its id */
export async function keepEntry(tx: Tx, { facts, chain, precertificate }: FoundEntry, now: Date): Promise<string> {
  if (!precertificate) return keepCertificate(tx, { facts, chain }, now);
  const { fingerprint, serial } = facts;
  const found = await tx.discoveredCertificate.findMany({
    where: { serial, precertificate: false },
    select: { id: true, chain: true },
    orderBy: { id: 'asc' },
    take: mostAlike,
  });
  const issued = found.find(({ chain: [leaf] }) => leaf !== undefined && precertificateFingerprint(leaf) === fingerprint);
  if (issued !== undefined) return issued.id;
  const { names, ...columns } = facts;
  const kept = { ...columns, names: [...names], chain: chain.map((der) => Uint8Array.from(der)), precertificate };
  const { id } = await tx.discoveredCertificate.upsert({
    where: { fingerprint },
    create: { ...kept, firstSeenAt: now, lastSeenAt: now },
    update: { lastSeenAt: now },
    select: { id: true },
  });
  return id;
}

/** Precertificates of what was issued or imported here become it: they stand in logs before their certificate stands here. */
export async function matchIssued(tx: Tx): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string; fingerprint: string; chainPem: string }[]>`
    SELECT d.id, d.fingerprint, c.chain_pem AS "chainPem" FROM discovered_certificate d JOIN certificate c ON c.serial = d.serial
     WHERE d.precertificate ORDER BY d.id LIMIT 100`;
  for (const { id, fingerprint, chainPem } of rows) {
    const chain = splitPem(chainPem);
    const [leaf] = chain;
    if (leaf !== undefined && precertificateFingerprint(leaf) === fingerprint)
      await become(tx, id, discoveredFacts(leaf).fingerprint, chain);
  }
}

/** What was known by what was to be signed is known by what was signed from now on. */
async function become(tx: Tx, id: string, fingerprint: string, chain: readonly Uint8Array[]): Promise<void> {
  const there = await tx.discoveredCertificate.findUnique({ where: { fingerprint }, select: { id: true } });
  if (there === null) {
    const data = { fingerprint, chain: chain.map((der) => Uint8Array.from(der)), precertificate: false };
    await tx.discoveredCertificate.update({ where: { id }, data, select: { id: true } });
    return;
  }
  const seen = await tx.logSighting.findMany({ where: { certificateId: id } });
  await tx.logSighting.createMany({ data: seen.map((each) => ({ ...each, certificateId: there.id })), skipDuplicates: true });
  await tx.discoveredCertificate.delete({ where: { id }, select: { id: true } });
}
