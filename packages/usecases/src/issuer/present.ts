import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname, storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { freshnessOf, worstFreshness } from '@hostmaster/core/pki/freshness';
import type { IssuerKinds } from '@hostmaster/core/pki/issuer';
import { tokenOf } from '@hostmaster/core/pki/key-store';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { authorityUrgencyOf, type Urgency } from '@hostmaster/core/pki/renewal';
import { isTrustedRoot } from '@hostmaster/core/pki/root-state';
import { signsHere, sourcesBrought } from '@hostmaster/core/pki/source-traits';
import { signingValidity, successorDueBy, successorLeadDays } from '@hostmaster/core/pki/succession';
import type { Reader } from '@hostmaster/db/client';
import { type PublishedStatus, publishedStatus } from '@hostmaster/db/published-status';
import { z } from 'zod';
import { permits } from '../certificate/choose-issuer.ts';
import { presentChain } from '../certificate/present.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { anchorOf, anchorsOf } from './anchors.ts';
import { lastKeyChanges } from './key-changes.ts';
import { lastTests } from './last-test.ts';
import { withoutCiphertexts } from './secret.ts';

/** Neither keys nor secrets are even read, only where a key is. */
const read = (db: Reader) =>
  db.issuer.findMany({
    // Who signed what teams brought is asked for nothing here.
    where: { kind: { notIn: [...sourcesBrought] } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    omit: withoutCiphertexts,
    include: {
      root: { select: { state: true } },
      lists: { where: { list: completeList }, select: { number: true, nextUpdate: true } },
      ocspSigner: { select: { certificate: true } },
    },
  });
type Row = Awaited<ReturnType<typeof read>>[number];

const settings = z.record(z.string(), z.json());

/**
 * Every issuer, the newest first, and how one of them is answered. What is said of one follows from the others too, so all of their
 * certificates are read; there are as many as there are zones.
 */
export async function readIssuers(db: Reader, kinds: IssuerKinds, now: Date) {
  const rows = await read(db);
  const published = new Map((await publishedStatus(db)).map((each) => [each.issuerId, each]));
  const zones = await db.zone.findMany({ select: { apex: true }, distinct: ['apex'] });
  const apexes = zones.map(({ apex }) => apex).filter(isStoredHostname);
  const anchors = anchorsOf(
    rows.filter(({ state }) => isTrustedRoot(state)).map(({ chainPem }) => chainPem),
    now,
  );
  const connected = rows.filter(({ kind }) => !signsHere(kind)).map(({ id }) => id);
  const testOf = await lastTests(db, connected);
  const keyChangeOf = await lastKeyChanges(db, connected);
  const present = (row: Row): IssuerRow => ({
    id: row.id,
    slug: row.slug,
    kind: row.kind,
    name: row.name,
    connection: signsHere(row.kind) ? null : { kind: row.kind, settings: readStored(settings, row.settings, 'issuer.settings') },
    setup: [...setupOf(kinds, row)],
    permittedSuffixes: row.permittedSuffixes,
    profile: presentProfile(row),
    chain: row.chainPem === '' ? [] : presentChain(row.chainPem),
    rootPem: rootOf(row, anchors, now),
    urgency: urgencyIn(rows, row, apexes, now),
    revocation: presentPublished(published.get(row.id), row, now),
    crlNumber: row.lists[0]?.number ?? 0,
    crlNextUpdate: timestampOrNull(row.lists[0]?.nextUpdate ?? null),
    stoppedAt: timestampOrNull(row.stoppedAt),
    keyHere: signsHere(row.kind) && row.keyId !== null,
    keyToken: row.keyId === null ? null : tokenOf(row.keyId),
    withdrawn: !isTrustedRoot(row.root?.state ?? row.state),
    revokedAt: timestampOrNull(row.revokedAt),
    lastTest: testOf(row.id, row.version),
    hasAccount: !signsHere(row.kind) && row.keyId !== null,
    keyChange: keyChangeOf(row.id),
    version: row.version,
  });
  return { rows, present };
}

/** One of them as it is answered; null where there is none. */
export async function readIssuer(db: Reader, kinds: IssuerKinds, id: string, now: Date): Promise<IssuerRow | null> {
  const { rows, present } = await readIssuers(db, kinds, now);
  const row = rows.find((each) => each.id === id);
  return row === undefined ? null : present(row);
}

/** None where this version does not know the kind, or what it needed when it was connected. */
function setupOf(kinds: IssuerKinds, { kind, settings: own, permittedSuffixes }: Row) {
  const described = kinds.get(kind);
  const read = described?.settings.safeParse(own);
  return read?.success ? (described?.setup?.(read.data, permittedSuffixes) ?? []) : [];
}

/** The roots that came with it, else the one that its chain leads to, whoever keeps that. */
function rootOf({ chainPem, state }: Row, anchors: readonly string[], now: Date): string | null {
  if (!isTrustedRoot(state)) return null;
  const own = anchorsOf([chainPem], now);
  return own.length > 0 ? own.join('\n') : anchorOf(chainPem, anchors);
}

type Judged = Pick<Row, 'kind' | 'chainPem' | 'permittedSuffixes' | 'state' | 'stoppedAt' | 'revokedAt'>;

/**
 * That a CA ends is no matter of urgency where another one signs for the same names for months to come, which one that is stopped or
 * revoked does not, and names that no zone here has any more need none.
 */
function urgencyIn(
  rows: readonly Judged[],
  { kind, chainPem, permittedSuffixes, state }: Judged,
  apexes: readonly Hostname[],
  now: Date,
): Urgency {
  const validity = signingValidity(chainPem);
  // Another root signs in its place, or it signs nothing yet.
  if (validity === null || state !== 'active') return 'none';
  const dueBy = successorDueBy(now);
  const needed = permittedSuffixes
    .map(storedHostname)
    .filter((suffix) => apexes.some((apex) => isWithin(apex, suffix) || isWithin(suffix, apex)));
  const succeeds = (other: Judged): boolean =>
    other.kind === kind &&
    other.stoppedAt === null &&
    other.revokedAt === null &&
    permittedSuffixes.length > 0 &&
    permits(other.permittedSuffixes, needed) &&
    (needed.length === 0 || (signingValidity(other.chainPem)?.notAfter ?? dueBy) >= dueBy);
  return rows.some(succeeds) ? 'none' : authorityUrgencyOf(validity, now, successorLeadDays);
}

function presentPublished(status: PublishedStatus | undefined, { ocspSigner }: Row, now: Date): IssuerRow['revocation'] {
  if (status === undefined) return null;
  const { lists, responses } = status;
  return {
    freshness: worstFreshness([lists, responses].map((each) => freshnessOf(each, now))),
    listsUntil: timestampOrNull(lists.until),
    responsesUntil: timestampOrNull(responses.until),
    signerUntil: ocspSigner === null ? null : timestampOf(readCertificate(ocspSigner.certificate).notAfter),
  };
}

/** A root has none: it signs intermediates and never an endpoint's certificate. */
function presentProfile({ kind, profile: name }: Pick<Row, 'kind' | 'profile'>) {
  if (name === null) return { name: 'root', days: 0, keyAlgorithms: [] };
  const { lifetimeDays, keyAlgorithms } = profileNamed(name);
  return { name, days: signsHere(kind) ? lifetimeDays : null, keyAlgorithms: [...keyAlgorithms] };
}
