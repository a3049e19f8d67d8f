// What is said of a zone, held against the same bounds when it is connected and when it is changed.
import type { ZoneInput } from '@hostmaster/core/contract/zone';
import { type Connection, ofKind } from '@hostmaster/core/descriptor';
import type { View } from '@hostmaster/core/dns/view';
import type { Violation } from '@hostmaster/core/errors';
import type { Tried } from '../connection/tested.ts';
import { sealedConnection } from '../connection/try.ts';
import type { Ctx, SealingCtx } from '../context.ts';
import { unknownEnvironments } from '../environment/known.ts';
import { secretContext } from './connect.ts';
import { thresholdColumns } from './safety.ts';

type Said = Omit<ZoneInput, 'apex' | 'view' | 'connection' | 'trial' | 'untested'>;
/** As it is stored, but for its team. */
export type ZoneSettings = Omit<Said, 'ownerTeam'> & { readonly ownerTeam: { readonly id: string; readonly slug: string } };

/** What was said, in the form in which it is stored; null where it cannot be. What is wrong is added to the list. */
export async function settingsOf(
  ctx: Ctx,
  input: Said,
  connection: Pick<Connection, 'kind' | 'settings'>,
  violations: Violation[],
): Promise<ZoneSettings | null> {
  const servers = agreeingServers(ctx, input.servers, connection, violations);
  const environments = [...new Set(input.environments)];
  violations.push(...bounds(input));
  const ownerTeam = await ctx.db.team.findUnique({ where: { slug: input.ownerTeam }, select: { id: true, slug: true } });
  if (ownerTeam === null)
    violations.push({
      rule: 'team-exists',
      path: 'ownerTeam',
      reason: `There is no team ${input.ownerTeam}.`,
      remedy: 'Choose an existing team.',
    });
  violations.push(...(await unknownEnvironments(ctx.db, environments, 'environments')));
  return ownerTeam === null ? null : { ...input, servers, environments, ownerTeam };
}

/** Every server that must agree: those that were said, or those that the connection names. What is wrong is added to the list. */
export function agreeingServers(
  ctx: Pick<Ctx, 'dnsProviders'>,
  said: Said['servers'],
  connection: Pick<Connection, 'kind' | 'settings'>,
  violations: Violation[],
): Said['servers'] {
  const servers = said.length > 0 ? said : serversOf(ctx, connection);
  violations.push(...namedTwice(servers), ...someServer(servers));
  return servers;
}

/** The servers that a connection names itself. Errors: unsupported where nobody knows its kind. */
export const serversOf = (ctx: Pick<Ctx, 'dnsProviders'>, { kind, settings }: Pick<Connection, 'kind' | 'settings'>): Said['servers'] =>
  ofKind(ctx.dnsProviders, kind)
    .servers(settings)
    .map((server) => ({ ...server }));

/** As a test is of it, before it is kept. */
export const triedZone = (apex: string, view: View, servers: Said['servers'], connection: Connection): Tried => ({
  of: 'zone',
  connection,
  about: { apex, view, servers: servers.map((server) => ({ ...server })) },
});

/** The columns of the settings. */
export const settingColumns = ({ ownerTeam, safety, servers, ttlMin, ttlMax, servedPort, ...kept }: ZoneSettings) => ({
  servers,
  ttlMin,
  ttlMax,
  servedPort,
  allowedRanges: kept.allowedRanges,
  allowedPorts: kept.allowedPorts,
  reviewFirstExposure: kept.reviewFirstExposure,
  environments: kept.environments,
  ownerTeamId: ownerTeam.id,
  ...thresholdColumns(safety),
});

/** A connection as it is stored; its secret is sealed to the worker for this zone, and opens for no other. */
export const sealedForZone = (ctx: SealingCtx, zoneId: string, connection: Connection) =>
  sealedConnection(ctx, connection, ofKind(ctx.dnsProviders, connection.kind).secret, (secret) => secretContext(zoneId, secret));

/** The columns of a connection. */
export async function connectionColumns(ctx: SealingCtx, zoneId: string, connection: Connection) {
  const { settings, ...sealed } = await sealedForZone(ctx, zoneId, connection);
  return { provider: connection.kind, connection: settings, ...sealed };
}

function bounds({ ttlMin, ttlMax }: Said): Violation[] {
  if (ttlMin <= ttlMax) return [];
  return [{ rule: 'ttl-bounds', path: 'ttlMin', reason: 'The smallest TTL is above the largest.', remedy: 'Give ttlMin at most ttlMax.' }];
}

/** What servers answered is kept by their name. */
function namedTwice(servers: Said['servers']): Violation[] {
  const names = servers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  return [{ rule: 'server-names', path: 'servers', reason: `Two servers are named ${twice}.`, remedy: 'Name each server once.' }];
}

/** A provider whose settings do not tell its servers needs them said. */
function someServer(servers: Said['servers']): Violation[] {
  if (servers.length > 0) return [];
  const reason = 'Nobody said which servers answer for the zone.';
  return [{ rule: 'some-server', path: 'servers', reason, remedy: 'Name every authoritative server with its address.' }];
}
