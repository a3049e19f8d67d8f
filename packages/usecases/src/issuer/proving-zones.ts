// Whether control over the names of an issuer can be proved (dns-01, RFC 8555 §8.4): in each zone that holds such names, and at each
// domain for which it signs there, a record is written where a CA would look, and taken back.
import type { CheckFinding } from '@hostmaster/core/connection-check';
import { ofKind } from '@hostmaster/core/descriptor';
import { type ProofRecord, provesAndTakesBack, writesAndTakesBack } from '@hostmaster/core/dns/connection-check';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname, storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Db } from '@hostmaster/db/client';
import { findingOf } from '../connection/checklist.ts';
import type { WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';
import { connectZone, type Kept } from '../zone/connect.ts';
import { claimedBelow } from '../zone/suffixes.ts';

/** A domain for which is signed, or the apex of a zone below one. */
type Place = { readonly domain: string; readonly zone: Kept };

const proofMilliseconds = 7_000;
/** More than this shows little more, and a test must end. */
const mostPlaces = 10;

/** @param label of this test alone, fit for a label of DNS */
export async function proofFindings(
  ctx: WorkerCtx,
  suffixes: readonly string[],
  label: string,
  by: ProofRecord = 'TXT',
): Promise<readonly CheckFinding[]> {
  const { places, nowhere } = await placesOf(ctx.db, suffixes);
  // All at once: several that do not answer must not use up the run.
  const tried = await Promise.all(places.slice(0, mostPlaces).map((place) => tryProof(ctx, place, label, by)));
  const left = places.length - tried.length;
  return [
    ...nowhere.map((domain) => ({
      check: nameOf(domain),
      ok: false,
      message: `${domain} is in no zone that is connected, so that nothing can be proved for it.`,
      remedy: 'Connect its zone, or take it out of the names that the issuer signs for.',
    })),
    ...tried,
    ...(left === 0 ? [] : [{ check: 'proof elsewhere', ok: null, message: `${left} more domains were not tried.`, remedy: null }]),
  ];
}

const nameOf = (domain: string): string => `proof in ${domain}`;

async function placesOf(db: Db, suffixes: readonly string[]) {
  const zones = (await db.zone.findMany({ where: { givenUpAt: null }, orderBy: [{ apex: 'asc' }, { view: 'asc' }] })).flatMap((zone) =>
    isStoredHostname(zone.apex) ? [{ ...zone, apex: zone.apex }] : [],
  );
  const places = new Map<string, Place>();
  const nowhere: string[] = [];
  for (const suffix of suffixes.map(storedHostname)) {
    const above = zones.filter(({ apex }) => isWithin(suffix, apex));
    // Of each view the one that holds the name itself: the longest.
    const holding = above.filter(({ apex, view }) => above.every((other) => other.view !== view || other.apex.length <= apex.length));
    const below = zones.filter(({ apex }) => apex !== suffix && isWithin(apex, suffix));
    for (const zone of holding) places.set(`${zone.id} ${suffix}`, { domain: suffix, zone });
    for (const zone of below) places.set(`${zone.id} ${zone.apex}`, { domain: zone.apex, zone });
    if (holding.length + below.length === 0) nowhere.push(suffix);
  }
  return { places: [...places.values()], nowhere };
}

async function tryProof(ctx: WorkerCtx, { domain, zone }: Place, label: string, by: ProofRecord): Promise<CheckFinding> {
  const at = storedHostname(domain);
  // The key may have been given the right only where names may be claimed.
  const suffixes = (await claimedBelow(ctx.db, zone)).filter((suffix) => isWithin(storedHostname(suffix), at) && suffix !== domain);
  return findingOf({
    check: nameOf(zone.view === 'public' ? domain : `${domain} (${zone.view})`),
    milliseconds: proofMilliseconds,
    late: 'dns-unreachable',
    remedy: ({ code }) => remedyOf(ctx, zone, { code, suffixes, by }),
    run: async (signal) =>
      provesAndTakesBack(
        { provider: await connectZone(ctx, zone), zone: domain, label, suffixes, look: async () => undefined },
        signal,
        by,
      ),
  });
}

/** As the connection test of the zone says it where its key may not write. */
function remedyOf(
  { dnsProviders }: WorkerCtx,
  { apex: zone, provider, connection }: Kept,
  { code, suffixes, by }: { readonly code: ErrorCode; readonly suffixes: readonly string[]; readonly by: ProofRecord },
) {
  const kind = ofKind(dnsProviders, provider);
  const settings = readStored(kind.settings, connection, 'zone.connection');
  const said = kind.checks.find(({ run }) => run === writesAndTakesBack)?.remedy(code, { zone, suffixes, settings }) ?? null;
  return said === null || code !== 'dns-refused' || by === 'CNAME'
    ? said
    : `${said} Or delegate the challenge of each name by an alias to a zone where it may: _acme-challenge.NAME CNAME ….`;
}
