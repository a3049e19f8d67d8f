import type { Clock } from '@hostmaster/core/clock';
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { day, hour } from '@hostmaster/core/duration';
import { type ErrorCode, errorCodeOf, errorTable } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname, storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { operator } from '@hostmaster/core/operation/moves-next';
import { contentFault } from '@hostmaster/core/pki/content-fault';
import { type LeafContent, serverContent } from '@hostmaster/core/pki/leaf-content';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { signingRootStates } from '@hostmaster/core/pki/root-state';
import { signsHere, sourceTraits } from '@hostmaster/core/pki/source-traits';
import { signingValidity } from '@hostmaster/core/pki/succession';
import type { Reader } from '@hostmaster/db/client';

/** Whether every name lies within one of the suffixes. */
export const permits = (suffixes: readonly string[], names: readonly Hostname[]): boolean =>
  names.every((name) => suffixes.some((suffix) => isWithin(name, storedHostname(suffix))));

export const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
/** What a CA with less time left signed would have to be renewed at once. */
const leastMilliseconds = hour;

/** An issuer with the state of the root that signed it, where that is kept here. */
export const withRoot = { root: { select: { state: true } } } as const;
type Below = { readonly root: { readonly state: string } | null; readonly revokedAt: Date | null };

/**
 * Those that may sign now, what stands below the active root first: below one that is announced nothing signs yet, and below one that was
 * replaced only where nothing else may. What its root has revoked signs nothing more.
 */
export const signing = <Row extends Below>(rows: readonly Row[]): readonly Row[] => {
  const stateOf = ({ root }: Row) => root?.state ?? 'active';
  return signingRootStates.flatMap((state) => rows.filter((row) => stateOf(row) === state && row.revokedAt === null));
};

type Candidate = {
  readonly kind: string;
  readonly permittedSuffixes: string[];
  readonly chainPem: string;
  readonly profile: string | null;
};

/** What a certificate holds beside its names and its key, and for how many hours it is to be valid; where left out, that of a server and as long as the profile says. */
type Wanted = { readonly content?: LeafContent; readonly hours?: number | null };

/** What a CA that is made here may not sign; of one that others run, that is theirs to say. */
const unsignable = ({ kind, chainPem }: Pick<Candidate, 'kind' | 'chainPem'>, content: LeafContent): string | null =>
  signsHere(kind) ? contentFault(chainPem, content) : null;

/** The newest that may sign for the names and outlives a whole certificate; where none does, the one that lasts longest. */
function fitting<Row extends Candidate>(
  rows: readonly Row[],
  names: readonly Hostname[],
  now: Date,
  { content = serverContent, hours }: Wanted = {},
): Row | null {
  let longest: { readonly row: Row; readonly left: number } | null = null;
  for (const row of rows) {
    if (!permits(row.permittedSuffixes, names) || unsignable(row, content) !== null) continue;
    const left = (signingValidity(row.chainPem)?.notAfter.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
    if (left >= (row.profile === null ? 0 : Math.max(profileNamed(row.profile).lifetimeDays * day, (hours ?? 0) * hour))) return row;
    if (left > (longest?.left ?? leastMilliseconds)) longest = { row, left };
  }
  return longest?.row ?? null;
}

/** Which of these CAs signs for the names now; null where none may. */
export const chosenFor = <Row extends Candidate & Below>(
  rows: readonly Row[],
  names: readonly Hostname[],
  now: Date,
  wanted?: Wanted,
): Row | null => fitting(signing(rows), names, now, wanted);

type Choosing = { readonly db: Reader; readonly clock: Clock };

/** Which issuer `chooseIssuer` would choose for names of a source that a contract names; null where none may sign for all of them. */
export async function issuerChooser({ db, clock }: Choosing, of: { readonly kind?: EndpointContract['tls']['source'] } = {}) {
  const now = clock.now();
  const rows = await db.issuer.findMany({
    where: { ...of, stoppedAt: null },
    orderBy: newestFirst,
    select: {
      slug: true,
      kind: true,
      name: true,
      profile: true,
      permittedSuffixes: true,
      chainPem: true,
      longestHours: true,
      revokedAt: true,
      ...withRoot,
    },
  });
  return (source: EndpointContract['tls']['source'], names: readonly Hostname[], wanted?: Wanted) =>
    chosenFor(
      rows.filter(({ kind }) => kind === source),
      names,
      now,
      wanted,
    );
}

/** The same for one source and once. */
export const fittingIssuer = async (
  choosing: Choosing,
  source: EndpointContract['tls']['source'],
  names: readonly Hostname[],
  wanted?: Wanted,
) => (await issuerChooser(choosing, { kind: source }))(source, names, wanted);

/**
 * The issuer that signs for a contract, as a worker opens it; one that is stopped is left out, and one that is passed over where
 * another one may sign. Choosing makes none: that an internal CA covers a zone is seen to when the zone is read.
 * Errors: issuer-refused (a name in no managed zone); where none may sign for the names yet, what keeps one from being made
 * (key-unreadable, say), else issuer-unavailable.
 */
export async function chooseIssuer(
  { db, clock }: Choosing,
  source: EndpointContract['tls']['source'],
  names: readonly Hostname[],
  { passedOver = new Set(), ...wanted }: Wanted & { readonly passedOver?: ReadonlySet<string> } = {},
) {
  const rows = signing(await db.issuer.findMany({ where: { kind: source }, orderBy: newestFirst, include: withRoot }));
  const now = clock.now();
  const asked = rows.filter(({ stoppedAt }) => stoppedAt === null);
  const others = asked.filter(({ id }) => !passedOver.has(id));
  const issuer = fitting(others, names, now, wanted) ?? fitting(asked, names, now, wanted);
  if (issuer !== null) return issuer;
  const unable = wanted.content === undefined ? null : cannotSign(fitting(asked, names, now), wanted.content);
  if (unable !== null) throw unable;
  const stopped = fitting(rows, names, now);
  if (stopped !== null) throw isStopped(stopped, names);
  const all = await db.zone.findMany({ select: { apex: true, signingErrorCode: true, signingError: true } });
  const zones = all.filter(({ apex }) => isStoredHostname(apex));
  const managed = permits(
    zones.map(({ apex }) => apex),
    names,
  );
  if (!managed) throw new HostmasterError('issuer-refused', `${names.join(', ')} is not within the managed zones.`);
  const message = `No issuer of the kind ${source} may sign for ${names.join(', ')} yet`;
  const failed = zones.find(
    ({ apex, signingError }) => signingError !== null && names.some((name) => isWithin(name, storedHostname(apex))),
  );
  if (!sourceTraits[source].madeHere)
    throw new HostmasterError('issuer-unavailable', `${message}; whoever runs Hostmaster connects one.`, {
      movesNext: operator,
    });
  if (failed === undefined) throw new HostmasterError('issuer-unavailable', `${message}; one is made when the zone is read.`);
  throw new HostmasterError(waitedFor(failed.signingErrorCode), `${message}. ${failed.signingError}`, {
    movesNext: operator,
  });
}

/**
 * Why nobody would sign for the names now, where whoever would is stopped: for whoever is about to ask. Null where somebody would, or none
 * is made yet.
 */
export async function whyNobodySigns(
  { db, clock }: Choosing,
  source: EndpointContract['tls']['source'],
  names: readonly Hostname[],
  content: LeafContent,
): Promise<string | null> {
  const select = {
    kind: true,
    name: true,
    profile: true,
    permittedSuffixes: true,
    chainPem: true,
    stoppedAt: true,
    revokedAt: true,
    ...withRoot,
  };
  const rows = signing(await db.issuer.findMany({ where: { kind: source }, orderBy: newestFirst, select }));
  const now = clock.now();
  const asked = rows.filter(({ stoppedAt }) => stoppedAt === null);
  if (fitting(asked, names, now, { content }) !== null) return null;
  const unable = cannotSign(fitting(asked, names, now), content);
  if (unable !== null) return unable.message;
  const stopped = fitting(rows, names, now);
  return stopped === null ? null : isStopped(stopped, names).message;
}

/**
 * Why an issuer that an order was placed at signs it no more: somebody stopped it, its root revoked it, or nobody trusts its root, since
 * it was chosen. Null where it does.
 */
export async function whyItSignsNoMore(db: Reader, id: string, names: readonly string[]): Promise<HostmasterError | null> {
  const row = await db.issuer.findUniqueOrThrow({ where: { id }, select: { name: true, stoppedAt: true, revokedAt: true, ...withRoot } });
  if (row.stoppedAt !== null) return isStopped(row, names);
  if (signing([row]).length > 0) return null;
  const why = `${row.name} signs nothing more: ${row.revokedAt === null ? 'people are told to trust its root no longer' : 'its root has revoked it'}.`;
  return new HostmasterError('issuer-unavailable', why, { movesNext: operator });
}

/** Of a CA that signs for the names, and not what else is asked for. */
function cannotSign(
  row: (Pick<Candidate, 'kind' | 'chainPem'> & { readonly name: string }) | null,
  content: LeafContent,
): HostmasterError | null {
  const what = row === null ? null : unsignable(row, content);
  if (row === null || what === null) return null;
  const why = `${row.name} may not sign for ${what}, as its own certificate says: another CA has to be made below the root, which may.`;
  return new HostmasterError('issuer-unavailable', why, { movesNext: operator });
}

/** Why nothing is ordered from an issuer, and nothing that was is asked for. */
const isStopped = ({ name }: { readonly name: string }, names: readonly string[]): HostmasterError =>
  new HostmasterError(
    'issuer-unavailable',
    `${name} may sign for ${names.join(', ')}, and is stopped: nothing is ordered from it before a platform admin resumes it.`,
    { movesNext: operator },
  );

/** What keeps a CA from being made is never for good: the next reading of the zone tries again. */
const waitedFor = (code: string | null): ErrorCode => {
  const known = errorCodeOf(code ?? '');
  return known !== 'internal' && errorTable[known].retryable ? known : 'issuer-unavailable';
};
