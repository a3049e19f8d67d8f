// Rows of an endpoint as the facts from which everything is derived, and as answers.
import type { EndpointRow, serverAnswer } from '@hostmaster/core/contract/endpoint-view';
import { operationError, trailEntry } from '@hostmaster/core/contract/operation';
import { chainOf } from '@hostmaster/core/endpoint/chain';
import { conditionsOf } from '@hostmaster/core/endpoint/conditions';
import type { EndpointFacts } from '@hostmaster/core/endpoint/facts';
import { findingsOf } from '@hostmaster/core/endpoint/findings';
import { judgeAnswer } from '@hostmaster/core/endpoint/judge';
import { dnsObservationDetail, endpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { isLeaving } from '@hostmaster/core/endpoint/state';
import { summaryOf } from '@hostmaster/core/endpoint/summary';
import { storedHostname, toUnicode } from '@hostmaster/core/hostname/parse-hostname';
import { stepsOf } from '@hostmaster/core/operation/purpose';
import { sourceTraits, takesBrought } from '@hostmaster/core/pki/source-traits';
import type { Db } from '@hostmaster/db/client';
import { type EndpointRead, type EndpointWork, workOfEndpoints } from '@hostmaster/db/endpoint';
import { unrevoked } from '@hostmaster/db/state-lists';
import { z } from 'zod';
import { presentValidity } from '../certificate/present.ts';
import { readContract, readRecordSets } from '../stored-columns.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

const trail = z.array(trailEntry);

type ObservationRow = Awaited<ReturnType<Db['observation']['findMany']>>[number];

type Noted = { readonly observations: readonly ObservationRow[]; readonly notRevoked: EndpointFacts['notRevoked'] };

function factsOf(row: EndpointRead, work: EndpointWork | undefined, { observations, notRevoked }: Noted, now: Date): EndpointFacts {
  const operation = work?.operation ?? null;
  const contract = readContract(row.contract);
  const usesTls = contract.tls.termination !== 'none';
  const observed = (kind: ObservationRow['kind']) => observations.filter((each) => each.kind === kind);
  return {
    hostname: row.hostname,
    state: row.state,
    revision: {
      number: row.revision,
      approvedAt: row.approvedAt,
      takesBack: row.takesBack?.number ?? null,
      retires: row.retires,
      certificateOnly: row.certificateOnly,
      recordSets: readRecordSets(row.recordSets),
      usesTls,
      keyIsTheirs: contract.tls.csr !== undefined,
      brought: takesBrought(contract),
    },
    operation:
      operation === null
        ? null
        : {
            purpose: operation.purpose,
            state: operation.state,
            lane: operation.lane,
            steps: [...stepsOf('endpoint', operation.purpose)],
            step: operation.step,
            reason: operation.reason,
            movesNext: operation.movesNext,
            since: operation.since,
            nextAttempt: operation.nextAttemptAt,
            error: readStored(operationError.nullable(), operation.error, 'operation.error'),
            trail: readStored(trail, operation.trail, 'operation.trail'),
          },
    dns: observed('dns').map((each) => ({ ...each, detail: readStored(dnsObservationDetail, each.detail, 'observation.detail') })),
    endpoint: observed('endpoint').map((each) => ({
      ...each,
      detail: readStored(endpointObservationDetail, each.detail, 'observation.detail'),
    })),
    certificate: work?.certificate ?? null,
    signingError: usesTls && sourceTraits[contract.tls.source].madeHere ? row.signingError : null,
    notRevoked,
    nextCheckAt: row.nextCheckAt,
    now,
  };
}

/** What the issuers of names that leave refused to revoke, and is valid still. */
async function notRevokedOf(db: Db, rows: readonly EndpointRead[], now: Date) {
  const leaving = rows.filter(({ state }) => isLeaving(state)).map(({ id }) => id);
  if (leaving.length === 0) return [];
  const kept = await db.certificate.findMany({
    where: { endpointId: { in: leaving }, state: { in: unrevoked }, notAfter: { gt: now }, revocationRefusal: { not: null } },
    select: {
      endpointId: true,
      serial: true,
      notAfter: true,
      revocationRefusal: true,
      revocationRefusedAt: true,
      issuer: { select: { name: true } },
    },
    orderBy: [{ notAfter: 'desc' }, { id: 'asc' }],
  });
  return kept.map(({ endpointId, serial, notAfter, revocationRefusal, revocationRefusedAt, issuer }) => ({
    endpointId,
    fact: { serial, notAfter, issuer: issuer.name, refusal: revocationRefusal ?? '', refusedAt: revocationRefusedAt ?? now },
  }));
}

/** The facts of several endpoints in two queries, and one more where names leave; in the order given. */
export async function loadFacts(db: Db, rows: readonly EndpointRead[], now: Date): Promise<EndpointFacts[]> {
  const ids = rows.map(({ id }) => id);
  const [work, observations, kept] = await Promise.all([
    workOfEndpoints(db, ids),
    db.observation.findMany({ where: { endpointId: { in: ids } }, orderBy: { source: 'asc' } }),
    notRevokedOf(db, rows, now),
  ]);
  const byEndpoint = new Map<string, ObservationRow[]>(ids.map((id) => [id, []]));
  for (const observation of observations) byEndpoint.get(observation.endpointId)?.push(observation);
  return rows.map((row) => {
    const notRevoked = kept.filter(({ endpointId }) => endpointId === row.id).map(({ fact }) => fact);
    return factsOf(row, work.get(row.id), { observations: byEndpoint.get(row.id) ?? [], notRevoked }, now);
  });
}

/** Everything that is derived from the facts, each once. */
export function derive(facts: EndpointFacts) {
  const conditions = conditionsOf(facts);
  const findings = findingsOf(facts, conditions);
  return { conditions, findings, chain: chainOf(facts, conditions), summary: summaryOf(facts, findings) };
}
type Derived = Pick<ReturnType<typeof derive>, 'chain' | 'summary'>;

/** The newest answer of any name server or address; null where none is known. */
export const lastLook = ({ dns, endpoint }: Pick<EndpointFacts, 'dns' | 'endpoint'>): Date | null =>
  [...dns, ...endpoint].reduce<Date | null>((newest, { observedAt }) => later(newest, observedAt), null);
export const later = (a: Date | null, b: Date | null): Date | null => (a !== null && (b === null || a > b) ? a : b);

export function presentEndpointRow(row: EndpointRead, facts: EndpointFacts, { chain, summary }: Derived = derive(facts)): EndpointRow {
  const { certificate } = facts;
  return {
    id: row.id,
    hostname: row.hostname,
    unicode: toUnicode(storedHostname(row.hostname)),
    view: row.view,
    team: row.team,
    environment: row.environment,
    zone: row.zone,
    state: row.state,
    certificateOnly: row.certificateOnly,
    attention: row.needsAttention,
    summary,
    chain: [...chain],
    certificate:
      certificate === null || row.state === 'retired' ? null : { serial: certificate.serial, ...presentValidity(certificate, facts.now) },
    changedAt: timestampOf(row.changedAt),
    checkedAt: timestampOrNull(later(row.checkedAt, lastLook(facts))),
  };
}

/** What each server answered to each question, for the grid of the page. */
export const presentAnswers = (facts: EndpointFacts): z.output<typeof serverAnswer>[] =>
  facts.dns.flatMap(({ source, observedAt, detail }) =>
    detail.answers.map((answer) => ({
      server: source,
      address: detail.address,
      type: answer.type,
      rcode: answer.rcode,
      values: [...answer.values],
      ttl: answer.ttl,
      serial: answer.serial,
      milliseconds: answer.milliseconds,
      fault: judgeAnswer(answer).fault,
      error: answer.error,
      observedAt: timestampOf(observedAt),
    })),
  );
