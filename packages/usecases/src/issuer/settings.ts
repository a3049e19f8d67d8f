// What is said of an issuer, held against the same bounds when it is connected and when it is changed.
import { X509Certificate } from 'node:crypto';
import type { IssuerInput, IssuerRow } from '@hostmaster/core/contract/issuer';
import { type Connection, ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname } from '@hostmaster/core/hostname/parse-hostname';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem, isTrustAnchor, splitPem } from '@hostmaster/core/pki/chain';
import { z } from 'zod';
import type { Tried } from '../connection/tested.ts';
import { sealedConnection } from '../connection/try.ts';
import type { Ctx, SealingCtx } from '../context.ts';
import { parseOwnDomain } from '../violation.ts';
import { pemBlocks } from './anchors.ts';
import { issuerSecretContext } from './secret.ts';

type Said = Pick<IssuerInput, 'suffixes' | 'rootPem'>;

const stored = z.record(z.string(), z.json());

/** Roots of one CA that count at the same time, as where it changes its key. */
const mostRoots = 4;

/** What was said of whom it signs for, as columns. What is wrong is added to the list. */
export async function issuerColumns(ctx: Ctx, { suffixes, rootPem }: Said, violations: Violation[]) {
  const permittedSuffixes = await suffixesWithinZones(ctx, suffixes, violations);
  const chainPem = rootsOf(rootPem, ctx.clock.now(), violations);
  return { permittedSuffixes, chainPem };
}

type Columns = Awaited<ReturnType<typeof issuerColumns>>;

/** As a test is of it, before it is kept. */
export const triedIssuer = ({ permittedSuffixes: suffixes, chainPem }: Columns, connection: Connection): Tried => ({
  of: 'issuer',
  connection,
  about: { suffixes, chainPem },
});

/** Each once: where nobody here holds the zone, control over its names could be proved by nobody here. */
async function suffixesWithinZones({ db }: Ctx, suffixes: readonly string[], violations: Violation[]): Promise<string[]> {
  const zones = await db.zone.findMany({ select: { apex: true }, distinct: ['apex'], orderBy: { apex: 'asc' } });
  const apexes = zones.map(({ apex }) => apex).filter(isStoredHostname);
  const parsed = suffixes.flatMap((text, index): Hostname[] => {
    const path = `suffixes.${index}`;
    const suffix = parseOwnDomain(text, path, violations);
    if (suffix === null) return [];
    if (!apexes.some((apex) => isWithin(suffix, apex)))
      violations.push({
        rule: 'suffix-within-zone',
        path,
        reason: `${suffix} is in no zone that is connected.`,
        remedy: apexes.length === 0 ? 'Connect its zone first.' : 'Give a connected zone, or a name below one; or connect its zone first.',
      });
    return [suffix];
  });
  return [...new Set(parsed)];
}

/** The roots in the form in which they are stored; empty where there are none. */
function rootsOf(text: string, now: Date, violations: Violation[]): string {
  if (text.trim() === '') return '';
  const fault = (reason: string, remedy: string): string => {
    violations.push({ rule: 'root-certificate', path: 'rootPem', reason, remedy });
    return '';
  };
  const give = 'Give the root of the CA as PEM, or nothing where browsers know it.';
  const ders = read(text);
  if (ders === null) return fault('This is no certificate in PEM.', give);
  if (ders.length > mostRoots) return fault(`These are ${ders.length} certificates.`, `Give at most ${mostRoots} roots.`);
  for (const [index, der] of ders.entries()) {
    const which = ders.length === 1 ? 'The certificate' : `Certificate ${index + 1}`;
    if (!isTrustAnchor(der, now) || now < readCertificate(der).notBefore)
      return fault(`${which} is no root that is valid now: a CA that has signed itself.`, give);
  }
  return chainToPem(ders);
}

/** null where it is no PEM of certificates. */
function read(text: string): readonly Uint8Array[] | null {
  try {
    const ders = splitPem(text);
    // One that is damaged must not go unseen beside others.
    return ders.length === (text.match(/-----BEGIN CERTIFICATE-----/g) ?? []).length ? ders : null;
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}

/** The columns of a connection; its secret is sealed to the worker for this issuer, and opens for no other. */
export const issuerConnectionColumns = (ctx: SealingCtx, issuerId: string, connection: Connection) =>
  sealedConnection(ctx, connection, ofKind(ctx.issuerKinds, connection.kind).secret, (secret) => issuerSecretContext(issuerId, secret));

/** What the audit trail keeps of an issuer: what somebody said of it; of its roots the fingerprints. */
export const factsOf = ({ name, permittedSuffixes, connection, rootPem }: IssuerRow): z.output<typeof stored> =>
  stored.parse({ name, suffixes: permittedSuffixes, connection, roots: fingerprints(rootPem ?? '') });

/** The roots that an event names. */
export const fingerprints = (rootPem: string): string[] =>
  pemBlocks(rootPem).map((block) => new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase());
