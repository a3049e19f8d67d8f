import { randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import type { DnsObservationDetail, EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { hostnameOf, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { defaultContractKey } from '@hostmaster/core/pki/profile';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import { asker } from '../request/asker.ts';
import { readContract } from '../stored-columns.ts';
import type { Named } from './organisation.ts';

type EndpointOptions = {
  readonly hostname: string;
  readonly team: Named;
  readonly zone: { readonly id: string; readonly apex: string };
  readonly view?: 'public' | 'internal' | 'partner';
  readonly environment?: string;
  readonly state?: 'pending' | 'live' | 'degraded' | 'retiring' | 'retired';
  readonly changedAt?: Date;
  readonly extraNames?: readonly string[];
  /** Slug of the cluster that it leads to, in place of an address. */
  readonly cluster?: string;
};

const target = '192.0.2.10';

/** Endpoints as a worker leaves them, and what was seen of them. `askedBy`: who asked for those that come next. */
export function endpointsOn(db: Db, clock: Clock, askedBy: () => Promise<Actor>) {
  /** Endpoints with their first approved revision, applied: many at the cost of a few. */
  async function endpoints(wanted: readonly EndpointOptions[]): Promise<{ readonly id: string; readonly hostname: string }[]> {
    const now = clock.now();
    const requester = await askedBy();
    const rows = wanted.map((options) => {
      const { hostname, team: owner, view = 'public', environment = 'dev', cluster, extraNames = [] } = options;
      const leadsTo = cluster === undefined ? { addresses: [target] } : { cluster };
      const asked = {
        hostname,
        team: owner.slug,
        environment,
        view,
        target: leadsTo,
        tls: { extraNames, key: defaultContractKey },
        routing: { port: 443 },
      };
      const contract = endpointContract.parse(asked);
      const written = cluster === undefined ? { type: 'A', values: [target] } : { type: 'CNAME', values: [`${cluster}.example.test`] };
      const recordSets = options.state === 'retired' ? [] : [{ name: hostname, ttl: 60, ...written }];
      const plan = { hash: 'plan', zone: options.zone.apex, servers: [], changes: [], contract: null, certificate: null, notes: [] };
      return { ...options, extraNames, id: randomUUID(), requestId: randomUUID(), view, environment, contract, recordSets, plan };
    });
    await db.endpoint.createMany({
      data: rows.map(
        ({ id, hostname, view, zone: { id: zoneId }, team: { id: teamId }, environment, state = 'live', changedAt = now }) => ({
          id,
          hostname,
          skeleton: skeletonOf(hostnameOf(hostname)),
          view,
          zoneId,
          teamId,
          environment,
          state,
          revision: 1,
          createdAt: now,
          changedAt,
          checkedAt: now,
          liveSince: now,
        }),
      ),
    });
    await db.request.createMany({
      data: rows.map(({ id, requestId, hostname, view, zone: { id: zoneId }, team: { id: teamId }, contract, plan }) => ({
        id: requestId,
        kind: 'create',
        state: 'applied',
        hostname,
        view,
        teamId,
        zoneId,
        endpointId: id,
        contract,
        decision: { outcome: 'allow', policyVersion: '1', results: [], violations: [], reviews: [] },
        plan,
        planHash: plan.hash,
        reviewGroups: [],
        ...asker(requester),
        createdAt: now,
        decidedAt: now,
      })),
    });
    await db.endpointRevision.createMany({
      data: rows.map(({ id, contract, recordSets, plan, requestId }) => ({
        endpointId: id,
        number: 1,
        contract,
        recordSets,
        plan,
        requestId,
        approvedAt: now,
        sentAt: now,
        appliedAt: now,
      })),
    });
    await db.heldName.createMany({
      data: rows
        .filter(({ state }) => state !== 'retired')
        .flatMap(({ id, hostname, extraNames, team }) =>
          [hostname, ...extraNames].map((name) => ({
            ...{ hostname: name, endpointId: id, teamId: team.id, skeleton: skeletonOf(hostnameOf(name)) },
          })),
        ),
    });
    return rows.map(({ id, hostname }) => ({ id, hostname }));
  }
  async function endpoint(options: EndpointOptions): Promise<{ readonly id: string; readonly hostname: string }> {
    const [made] = await endpoints([options]);
    if (made === undefined) throw new TypeError('no endpoint was made');
    return made;
  }

  /** The endpoint's next revision, of the request of the one before: its contract with what is changed, and the record sets that should exist. */
  async function revise(endpointId: string, changed: Partial<EndpointContractInput>, recordSets?: readonly RecordSet[]): Promise<void> {
    const last = await db.endpointRevision.findFirstOrThrow({ where: { endpointId }, orderBy: { number: 'desc' } });
    const contract = endpointContract.parse({ ...readContract(last.contract), ...changed });
    await db.endpointRevision.create({
      data: {
        endpointId,
        number: last.number + 1,
        contract: json(contract),
        recordSets: json(recordSets ?? last.recordSets),
        plan: json(last.plan),
        requestId: last.requestId,
        approvedAt: clock.now(),
      },
    });
    await db.endpoint.update({ where: { id: endpointId }, data: { revision: last.number + 1 } });
  }

  /** What a healthy endpoint looks like from outside: one server and one address, as approved. */
  async function observations(of: readonly { readonly id: string; readonly serial: string | null }[]): Promise<void> {
    const at = clock.now();
    const common = { ok: true, observedAt: at, since: at };
    await db.observation.createMany({
      data: of.flatMap(({ id, serial }) => [
        { ...common, endpointId: id, kind: 'dns' as const, source: 'ns1.example.test', detail: json(healthyDns) },
        { ...common, endpointId: id, kind: 'endpoint' as const, source: `${target}:443`, detail: json(healthyEndpoint(serial)) },
      ]),
    });
  }

  return { endpoint, endpoints, revise, observations };
}

const json = (value: unknown) => JSON.parse(JSON.stringify(value));

const healthyDns: DnsObservationDetail = {
  address: '192.0.2.53:53',
  answers: [
    {
      type: 'A',
      expected: [target],
      expectedTtl: 60,
      withdrawn: null,
      server: 'ns1.example.test',
      rcode: 'NOERROR',
      authoritative: true,
      values: [target],
      ttl: 60,
      otherTtl: null,
      cut: null,
      serial: 1,
      primarySerial: null,
      milliseconds: 1,
      error: null,
    },
  ],
};

const healthyEndpoint = (serial: string | null): EndpointObservationDetail => ({
  address: target,
  resolvedBy: 'servers',
  failedLayer: null,
  error: null,
  tcpMilliseconds: 1,
  tlsMilliseconds: 2,
  httpMilliseconds: 3,
  tls: { protocol: 'TLSv1.3', serial, fingerprint: null, notAfter: null, subjectAltNames: [], chainLength: 2, verifyError: null },
  httpStatus: 200,
  expectedSerial: serial,
  ofView: null,
});
