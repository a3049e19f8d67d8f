import { randomUUID } from 'node:crypto';
import type { ZoneInput, ZoneRow } from '@hostmaster/core/contract/zone';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { unknownEnvironments } from '../environment/known.ts';
import { parseSuffix, refuse } from '../violation.ts';
import { secretContext } from './connect.ts';
import { presentZone, zoneRead } from './present.ts';
import { thresholdColumns } from './safety.ts';

/** Settings are kept as JSON, whatever the schema of their kind makes of what was typed. */
const stored = z.record(z.string(), z.json());

/**
 * Connects a zone: its secret is sealed to the worker before anything is stored, and a worker then reads the zone.
 * Errors: forbidden, invalid-input with everything that is wrong, already-exists (the same apex and view).
 */
export async function createZone(ctx: SealingCtx, input: ZoneInput): Promise<ZoneRow> {
  authorize(ctx.actor, 'zone.create');
  const violations: Violation[] = [];
  const apex = parseSuffix(input.apex, 'apex', violations);
  const { kind, settings, secret } = input.connection;
  const descriptor = ofKind(ctx.dnsProviders, kind);
  const servers = input.servers.length > 0 ? input.servers : descriptor.servers(settings).map((server) => ({ ...server }));
  violations.push(...bounds(input), ...namedTwice(servers), ...someServer(servers));
  const team = await ctx.db.team.findUnique({ where: { slug: input.ownerTeam } });
  if (team === null)
    violations.push({
      rule: 'team-exists',
      path: 'ownerTeam',
      reason: `There is no team ${input.ownerTeam}.`,
      remedy: 'Choose an existing team.',
    });
  const environments = [...new Set(input.environments)];
  violations.push(...(await unknownEnvironments(ctx.db, environments, 'environments')));
  refuse(violations);
  if (apex === null || team === null) throw new TypeError('unreachable: a violation was refused');

  // Named before it is stored: the secret is sealed for this zone and opens for no other.
  const id = randomUUID();
  const sealed =
    secret === undefined || descriptor.secret === null ? null : await ctx.sealer.seal(secret, secretContext(id, descriptor.secret));
  const { view, ttlMin, ttlMax, servedPort, allowedRanges, reviewFirstExposure, safety } = input;
  const kept = { servers, ttlMin, ttlMax, servedPort, allowedRanges, reviewFirstExposure, environments };
  const connection = stored.parse(settings);
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    refuse(await unknownEnvironments(tx, environments, 'environments'));
    if ((await tx.zone.findUnique({ where: { apex_view: { apex, view } }, select: { id: true } })) !== null)
      throw new HostmasterError('already-exists', `The ${view} zone ${apex} is connected already.`);
    const row = await tx.zone.create({
      data: {
        id,
        apex,
        view,
        provider: kind,
        connection,
        ...kept,
        ...thresholdColumns(safety),
        ...(sealed === null ? {} : { secretKeyId: sealed.keyId, secretCiphertext: Buffer.from(sealed.ciphertext) }),
        ownerTeamId: team.id,
        createdAt: now,
      },
      ...zoneRead,
    });
    const reason = 'Connected; a worker takes it next.';
    await startOperation(tx, { kind: 'zone', purpose: 'read', subject: `zone:${id}`, zoneId: id, reason }, now);
    await audit(
      tx,
      ctx,
      'zone.create',
      { id, name: apex },
      { view, ownerTeam: team.slug, provider: kind, connection, ...kept, safety },
      now,
    );
    return presentZone(row);
  });
}

const withoutRoot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

function bounds({ ttlMin, ttlMax }: ZoneInput): Violation[] {
  if (ttlMin <= ttlMax) return [];
  return [{ rule: 'ttl-bounds', path: 'ttlMin', reason: 'The smallest TTL is above the largest.', remedy: 'Give ttlMin at most ttlMax.' }];
}

/** What servers answered is kept by their name. */
function namedTwice(servers: ZoneInput['servers']): Violation[] {
  const names = servers.map(({ name }) => withoutRoot(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  return [{ rule: 'server-names', path: 'servers', reason: `Two servers are named ${twice}.`, remedy: 'Name each server once.' }];
}

/** A provider whose settings do not tell its servers needs them said. */
function someServer(servers: ZoneInput['servers']): Violation[] {
  if (servers.length > 0) return [];
  const reason = 'Nobody said which servers answer for the zone.';
  return [{ rule: 'some-server', path: 'servers', reason, remedy: 'Name every authoritative server with its address.' }];
}
