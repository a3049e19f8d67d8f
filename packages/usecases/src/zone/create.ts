import { randomUUID } from 'node:crypto';
import type { ZoneInput, ZoneRow } from '@hostmaster/core/contract/zone';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { parseSuffix, refuse } from '../violation.ts';
import { tsigContext } from './connect.ts';
import { presentZone, zoneRead } from './present.ts';

/**
 * Connects a zone: its TSIG secret is sealed to the worker before anything is stored, and a worker then reads the zone.
 * Errors: forbidden, invalid-input with everything that is wrong, already-exists (the same apex and view).
 */
export async function createZone(ctx: SealingCtx, input: ZoneInput): Promise<ZoneRow> {
  authorize(ctx.actor, 'zone.create');
  const violations: Violation[] = [];
  const apex = parseSuffix(input.apex, 'apex', violations);
  const servers = input.servers.length > 0 ? input.servers : [primaryAsServer(input.primary)];
  violations.push(...bounds(input), ...sameNames(servers));
  const team = await ctx.db.team.findUnique({ where: { slug: input.ownerTeam } });
  if (team === null)
    violations.push({
      rule: 'team-exists',
      path: 'ownerTeam',
      reason: `There is no team ${input.ownerTeam}.`,
      remedy: 'Choose an existing team.',
    });
  refuse(violations);
  if (apex === null || team === null) throw new TypeError('unreachable: a violation was refused');

  // Named before it is stored: the secret is sealed for this zone and opens for no other.
  const id = randomUUID();
  const secret = Buffer.from(input.tsig.secret, 'base64');
  const sealed = await ctx.sealer.seal(secret, tsigContext(id));
  const tsigKey = { name: withoutRoot(input.tsig.name), algorithm: input.tsig.algorithm };
  const { view, provider, primary, ttlMin, ttlMax, servedPort, allowedRanges, reviewFirstExposure } = input;
  const settings = { provider, primary, tsigKey, servers, ttlMin, ttlMax, servedPort, allowedRanges, reviewFirstExposure };
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    if ((await tx.zone.findUnique({ where: { apex_view: { apex, view } }, select: { id: true } })) !== null)
      throw new HostmasterError('already-exists', `The ${view} zone ${apex} is connected already.`);
    const row = await tx.zone.create({
      data: {
        id,
        apex,
        view,
        ...settings,
        secretKeyId: sealed.keyId,
        secretCiphertext: Buffer.from(sealed.ciphertext),
        ownerTeamId: team.id,
        createdAt: now,
      },
      ...zoneRead,
    });
    const reason = 'Connected; a worker is picking it up.';
    await startOperation(tx, { kind: 'zone', purpose: 'read', subject: `zone:${id}`, zoneId: id, reason }, now);
    await audit(tx, ctx, 'zone.create', { id, name: apex }, { view, ownerTeam: team.slug, ...settings }, now);
    return presentZone(row);
  });
}

const withoutRoot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

const primaryAsServer = ({ address, port }: ZoneInput['primary']) => ({
  name: port === 53 ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  address,
  port,
});

function bounds({ ttlMin, ttlMax }: ZoneInput): Violation[] {
  if (ttlMin <= ttlMax) return [];
  return [{ rule: 'ttl-bounds', path: 'ttlMin', reason: 'The smallest TTL is above the largest.', remedy: 'Give ttlMin at most ttlMax.' }];
}

/** What servers answered is kept by their name. */
function sameNames(servers: ZoneInput['servers']): Violation[] {
  const names = servers.map(({ name }) => withoutRoot(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  return [{ rule: 'server-names', path: 'servers', reason: `Two servers are named ${twice}.`, remedy: 'Name each server once.' }];
}
