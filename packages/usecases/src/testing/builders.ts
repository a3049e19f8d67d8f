// Rows for tests, with defaults for everything that a test does not care about. They write to the tables directly: what a
// test is about goes through use cases.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import type { DnsObservationDetail, EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { hostnameOf, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { rootTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole, Scope } from '@hostmaster/core/policy/roles';
import type { Db } from '@hostmaster/db/client';
import { asker } from '../request/asker.ts';
import { readContract } from '../request/stored.ts';

type View = 'public' | 'internal' | 'partner';
type Named = { readonly id: string; readonly slug: string };
type Membership = { readonly team: Named; readonly role?: 'member' | 'maintainer' };
type ZoneOptions = { readonly apex?: string; readonly view?: View; readonly team?: Named; readonly environments?: string[] };
type GrantOptions = {
  readonly team: Named;
  readonly suffix: string;
  readonly environments?: string[];
  readonly views?: View[];
  readonly expiresAt?: Date;
};
type EndpointOptions = {
  readonly hostname: string;
  readonly team: Named;
  readonly zone: { readonly id: string; readonly apex: string };
  readonly view?: View;
  readonly environment?: string;
  readonly state?: 'pending' | 'live' | 'degraded' | 'retiring' | 'retired';
  readonly changedAt?: Date;
  /** Slug of the cluster that it leads to, in place of an address. */
  readonly cluster?: string;
};
type CertificateOptions = {
  readonly endpoint: { readonly id: string; readonly hostname: string };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly state?: 'issued' | 'served' | 'superseded' | 'revoked';
  readonly serial?: string;
};

export type Builders = ReturnType<typeof buildersOn>;

/** Some certificate, signed by itself. */
async function anyChain(): Promise<string> {
  const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
  const draft = { serial: newSerial(), ...validity, spki: signer.spki, commonName: 'Any', organisation: 'Example' };
  return chainToPem([await signStructure(rootTbs(draft, signer.algorithm), signer)]);
}

const target = '192.0.2.10';
/** Of a worker that works for as long as a test may take. */
const farFuture = new Date('2100-01-01T00:00:00Z');
const day = 86_400_000;

export function buildersOn(db: Db, clock: Clock) {
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  const team = async (slug = `team-${next()}`): Promise<Named> =>
    db.team.create({ data: { slug, name: slug }, select: { id: true, slug: true } });

  /** A person, stored, and the actor that their session would be. */
  async function person(
    memberships: readonly Membership[] = [],
    roles: readonly OrganisationRole[] = [],
    name = `person-${next()}`,
  ): Promise<Actor> {
    const row = await db.person.create({
      data: {
        email: `${name}-${next()}@example.test`,
        name,
        roles: [...roles],
        memberships: { create: memberships.map(({ team: { id }, role = 'member' }) => ({ teamId: id, role })) },
      },
    });
    const teams = memberships.map(({ team: { id, slug }, role = 'member' }) => ({ id, slug, role }));
    return { kind: 'person', id: row.id, name, teams, roles, scopes: null };
  }
  /** A token of a person, for all of their teams and roles. */
  async function tokenOf(owner: Actor, ...scopes: Scope[]): Promise<Actor> {
    const teamIds = owner.teams.map(({ id }) => id);
    const { id } = await db.serviceToken.create({
      data: {
        name: `token-${next()}`,
        hash: randomBytes(32),
        ownerId: owner.id,
        scopes,
        roles: [...owner.roles],
        expiresAt: new Date(clock.now().getTime() + 30 * day),
        teams: { create: teamIds.map((teamId) => ({ teamId })) },
      },
      select: { id: true },
    });
    return { ...owner, kind: 'service', id, scopes, answerer: { kind: 'person', id: owner.id, teamIds } };
  }
  /** A program that belongs to a team and to nobody in particular, such as a controller or a webhook. */
  const serviceOf = ({ id, slug }: Named, ...scopes: Scope[]): Actor => ({
    kind: 'service',
    id: randomUUID(),
    name: `controller-${next()}`,
    teams: [{ id, slug, role: 'member' }],
    roles: [],
    scopes,
    answerer: { kind: 'team', id },
  });
  const member = (of: Named) => person([{ team: of }]);
  const maintainer = (of: Named) => person([{ team: of, role: 'maintainer' }]);
  const reviewer = () => person([], ['security-reviewer']);
  const platform = () => person([], ['platform-admin']);
  const auditor = () => person([], ['auditor']);

  async function environments(...slugs: string[]): Promise<void> {
    await db.environment.createMany({ data: slugs.map((slug, rank) => ({ slug, name: slug, rank })), skipDuplicates: true });
  }

  async function zone({ apex = `zone-${next()}.test`, view = 'public', team: owner, environments: of = [] }: ZoneOptions = {}) {
    const servers = [{ name: 'ns1.example.test', address: '192.0.2.53', port: 53 }];
    return db.zone.create({
      data: {
        apex,
        view,
        provider: 'rfc2136',
        connection: { primary: { address: '192.0.2.53', port: 53 }, tsig: { name: 'key', algorithm: 'hmac-sha256' } },
        servers,
        allowedRanges: ['192.0.2.0/24'],
        environments: of,
        ownerTeamId: (owner ?? (await team())).id,
        createdAt: clock.now(),
      },
    });
  }

  const grant = ({ team: { id }, suffix, environments: of = ['dev'], views = ['public'], expiresAt }: GrantOptions) =>
    db.grant.create({ data: { teamId: id, suffix, environments: of, views, expiresAt: expiresAt ?? null, createdAt: clock.now() } });

  /** Endpoints with their first approved revision, applied: many at the cost of a few. */
  async function endpoints(wanted: readonly EndpointOptions[]): Promise<{ readonly id: string; readonly hostname: string }[]> {
    const now = clock.now();
    const requester = await person();
    const rows = wanted.map((options) => {
      const { hostname, team: owner, view = 'public', environment = 'dev', cluster } = options;
      const leadsTo = cluster === undefined ? { addresses: [target] } : { cluster };
      const contract = endpointContract.parse({ hostname, team: owner.slug, environment, view, target: leadsTo, routing: { port: 443 } });
      const written = cluster === undefined ? { type: 'A', values: [target] } : { type: 'CNAME', values: [`${cluster}.example.test`] };
      const recordSets = options.state === 'retired' ? [] : [{ name: hostname, ttl: 60, ...written }];
      const plan = { hash: 'plan', zone: options.zone.apex, servers: [], changes: [], certificate: null, notes: [] };
      return { ...options, id: randomUUID(), requestId: randomUUID(), view, environment, contract, recordSets, plan };
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
      })),
    });
    return rows.map(({ id, hostname }) => ({ id, hostname }));
  }
  async function endpoint(options: EndpointOptions): Promise<{ readonly id: string; readonly hostname: string }> {
    const [made] = await endpoints([options]);
    if (made === undefined) throw new TypeError('no endpoint was made');
    return made;
  }

  /** The endpoint's next approved revision: its contract with what is changed, and the record sets that should exist. */
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

  let issuerId: Promise<string> | undefined;
  const issuer = (): Promise<string> => {
    issuerId ??= db.issuer
      .create({
        data: {
          slug: 'internal-ca',
          kind: 'internal-ca',
          name: 'Internal CA',
          chainPem: '',
          permittedSuffixes: ['test'],
          profile: 'server',
        },
      })
      .then(({ id }) => id);
    return issuerId;
  };

  /** Certificates as rows; the bytes behind all of them are those of one that has nothing to do with them. */
  async function certificates(wanted: readonly CertificateOptions[]): Promise<string[]> {
    const now = clock.now();
    const by = await issuer();
    const chainPem = await anyChain();
    const rows = wanted.map(({ endpoint: of, notBefore = now, notAfter, state = 'served', serial }) => {
      const validity = { notBefore, notAfter: notAfter ?? new Date(notBefore.getTime() + 90 * day - 1000) };
      return {
        orderId: randomUUID(),
        endpointId: of.id,
        issuerId: by,
        state,
        names: [of.hostname],
        serial: serial ?? randomBytes(16).toString('hex').toUpperCase(),
        keyAlgorithm: 'ecdsa-p256',
        ...validity,
        renewAfter: renewalDueAt(validity),
        chainPem,
        fingerprint: randomBytes(32).toString('hex'),
        issuedAt: notBefore,
      };
    });
    await db.certificateOrder.createMany({
      data: rows.map(({ orderId: id, endpointId, issuerId, names, keyAlgorithm, issuedAt }) => ({
        ...{ id, endpointId, issuerId, names, keyAlgorithm, csr: Buffer.from('csr'), keyLabel: id, resume: {} },
        ...{ state: 'issued', createdAt: issuedAt, closedAt: issuedAt },
      })),
    });
    await db.certificate.createMany({ data: rows });
    return rows.map(({ serial }) => serial);
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

  const worker = (lastSeenAt = farFuture) =>
    db.workerHeartbeat.create({ data: { id: randomUUID(), host: 'worker-host', pid: 4711, lastSeenAt } });
  /** No worker has been seen since then. */
  const silence = (since: Date) => db.workerHeartbeat.updateMany({ data: { lastSeenAt: since } });

  return {
    worker,
    silence,
    team,
    person,
    tokenOf,
    serviceOf,
    member,
    maintainer,
    reviewer,
    platform,
    auditor,
    environments,
    zone,
    grant,
    endpoint,
    endpoints,
    revise,
    certificates,
    observations,
  };
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
      serial: 1,
      milliseconds: 1,
      error: null,
    },
  ],
};

const healthyEndpoint = (serial: string | null): EndpointObservationDetail => ({
  address: target,
  failedLayer: null,
  error: null,
  tcpMilliseconds: 1,
  tlsMilliseconds: 2,
  httpMilliseconds: 3,
  tls: { protocol: 'TLSv1.3', serial, fingerprint: null, notAfter: null, subjectAltNames: [], chainLength: 2, verifyError: null },
  httpStatus: 200,
  expectedSerial: serial,
});
