import { hash } from 'node:crypto';
import type { AuthorityView, IntermediateAuthority, RootAuthority } from '@hostmaster/core/contract/authority';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { toPem } from '@hostmaster/core/pki/chain';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { tokenOf } from '@hostmaster/core/pki/key-store';
import { rootStates } from '@hostmaster/core/pki/root-state';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import type { Reader } from '@hostmaster/db/client';
import { unrevoked } from '@hostmaster/db/state-lists';
import { z } from 'zod';
import { chosenFor } from '../certificate/choose-issuer.ts';
import { presentChain } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { bundlePem, knownAnchors } from '../issuer/anchors.ts';
import { rootPreferences } from '../issuer/root-preferences.ts';
import { withoutCiphertexts } from '../issuer/secret.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { signableApexes } from './judge.ts';

const kind = 'internal-ca';
const rootState = z.enum(rootStates);

const read = (db: Reader) =>
  db.issuer.findMany({
    where: { kind: { in: [rootKind, kind] } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    omit: withoutCiphertexts,
    include: {
      root: { select: { state: true } },
      lists: { where: { list: completeList }, select: { number: true, nextUpdate: true } },
    },
  });
type Row = Awaited<ReturnType<typeof read>>[number];
type Standing = { readonly count: number; readonly until: Date | null };

/** The internal CA: its roots, what stands below each, what waits, and what people are told to trust. Errors: forbidden. */
export async function readAuthority(ctx: Ctx): Promise<AuthorityView> {
  authorize(ctx.actor, 'issuer.read');
  const { db } = ctx;
  const now = ctx.clock.now();
  const [rows, requests, standing, apexes, anchors] = await Promise.all([
    read(db),
    db.authorityRequest.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], omit: { keyCiphertext: true } }),
    standingByIssuer(db, now),
    signableApexes(db),
    knownAnchors(ctx),
  ]);
  const signing = signingByIssuer(rows, apexes, now);
  const common = (row: Row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    keyHere: row.keyId !== null,
    keyToken: row.keyId === null ? null : tokenOf(row.keyId),
    certificate: certificateOf(row),
    crlNumber: row.lists[0]?.number ?? 0,
    crlNextUpdate: timestampOrNull(row.lists[0]?.nextUpdate ?? null),
  });
  const intermediate = (row: Row): IntermediateAuthority => ({
    ...common(row),
    certificates: standing.get(row.id)?.count ?? 0,
    permittedSuffixes: row.permittedSuffixes,
    signsFor: signing.get(row.id) ?? [],
    stoppedAt: timestampOrNull(row.stoppedAt),
    revokedAt: timestampOrNull(row.revokedAt),
  });
  const root = (row: Row): RootAuthority => {
    const below = rows.filter(({ rootId }) => rootId === row.id);
    const total = below.map(({ id }) => standing.get(id) ?? none);
    const ends = total.flatMap(({ until }) => (until === null ? [] : [until.getTime()]));
    return {
      ...common(row),
      state: rootState.parse(row.state),
      ...rootPreferences(row.settings),
      certificatePem: row.chainPem,
      certificates: total.reduce((sum, { count }) => sum + count, 0),
      validUntil: ends.length === 0 ? null : timestampOf(new Date(Math.max(...ends))),
      intermediates: below.map(intermediate),
      requests: requests
        .filter(({ rootId }) => rootId === row.id)
        .map(({ id, csr, keyAlgorithm, keyId, permittedSuffixes, createdAt }) => ({
          ...{ id, key: keyAlgorithm, keyToken: tokenOf(keyId), permittedSuffixes },
          csrPem: toPem(csr, 'CERTIFICATE REQUEST'),
          createdAt: timestampOf(createdAt),
        })),
    };
  };
  const bundle = bundlePem(anchors);
  return {
    roots: rows.filter((row) => row.kind === rootKind).map(root),
    bundle: { fingerprint: bundle === null ? null : hash('sha256', bundle, 'hex'), roots: anchors.length },
    permissions: { manage: may(ctx.actor, 'authority.manage') },
  };
}

const none: Standing = { count: 0, until: null };

function certificateOf({ chainPem, slug }: Row) {
  const [own] = presentChain(chainPem);
  if (own === undefined) throw new TypeError(`${slug} has no certificate`);
  return own;
}

/** Of each CA how many certificates are valid, and until when the last of them is. */
async function standingByIssuer(db: Reader, now: Date): Promise<ReadonlyMap<string, Standing>> {
  const groups = await db.certificate.groupBy({
    by: ['issuerId'],
    where: { issuer: { kind }, state: { in: unrevoked }, notAfter: { gt: now } },
    _count: true,
    _max: { notAfter: true },
  });
  return new Map(groups.map(({ issuerId, _count, _max }) => [issuerId, { count: _count, until: _max.notAfter }]));
}

/** Of each CA the zones whose certificates it signs now. */
function signingByIssuer(rows: readonly Row[], apexes: readonly Hostname[], now: Date): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const apex of apexes) {
    const own = rows.filter(({ permittedSuffixes }) => permittedSuffixes.some((suffix) => isWithin(apex, storedHostname(suffix))));
    const chosen = chosenFor(
      own.filter((row) => row.kind === kind && row.stoppedAt === null),
      [apex],
      now,
    );
    if (chosen !== null) found.set(chosen.id, [...(found.get(chosen.id) ?? []), apex]);
  }
  return found;
}
