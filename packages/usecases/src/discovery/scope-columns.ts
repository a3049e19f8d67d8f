import type { DiscoveryScope, DiscoveryScopeInput } from '@hostmaster/core/contract/discovery';
import { countPlaces } from '@hostmaster/core/discovery/places';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Reader } from '@hostmaster/db/client';
import { timestampOf } from '../timestamp.ts';
import { refuse } from '../violation.ts';

export const withTeam = { team: { select: { slug: true } } } as const;

/** What an input says, as columns. Errors: invalid-input (the team). */
export async function scopeColumns(db: Reader, { name, targets, ports, everyHours, team }: DiscoveryScopeInput) {
  const found = team === null ? null : await db.team.findUnique({ where: { slug: team }, select: { id: true } });
  if (team !== null && found === null)
    refuse([{ rule: 'no-such-team', path: 'team', reason: `There is no team ${team}.`, remedy: 'Name one that there is, or none.' }]);
  return { name, targets: [...targets], ports: [...ports], everyHours, teamId: found?.id ?? null };
}

/** Errors: already-exists. */
export async function needFreeName(db: Reader, name: string, ownId: string | null): Promise<void> {
  const there = await db.discoveryScope.findUnique({ where: { name }, select: { id: true } });
  if (there !== null && there.id !== ownId) throw new HostmasterError('already-exists', `There is a discovery scope “${name}” already.`);
}

/** Errors: not-found. */
export async function readScope(db: Reader, id: string) {
  const row = await db.discoveryScope.findUnique({ where: { id }, include: withTeam });
  if (row === null) throw new HostmasterError('not-found', `There is no discovery scope ${id}.`);
  return row;
}

type Row = Awaited<ReturnType<typeof readScope>>;

/** As an audit event keeps it. */
export const scopeFacts = ({ targets, ports, everyHours, team }: Pick<Row, 'targets' | 'ports' | 'everyHours' | 'team'>) => ({
  targets,
  ports,
  everyHours,
  team: team?.slug ?? null,
});

export function presentScope(row: Row, now: Date): DiscoveryScope {
  const { id, version, name, lookedAt, nextLookAt, position, lookedPlaces, lookedAnswered, lookedSilent, lookedNowhere } = row;
  return {
    ...{ id, version, name, ...scopeFacts(row) },
    places: countPlaces(row),
    looked: nextLookAt <= now ? position : null,
    lastLook:
      lookedAt === null
        ? null
        : {
            ...{ at: timestampOf(lookedAt), places: lookedPlaces, answered: lookedAnswered },
            ...{ silent: lookedSilent, nowhere: lookedNowhere },
          },
    nextLookAt: timestampOf(nextLookAt),
  };
}
