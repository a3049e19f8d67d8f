import { loadBalancerCertificates, loadBalancerOf } from '@hostmaster/core/acm/import';
import type { DestinationRow } from '@hostmaster/core/contract/destination';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Reader } from '@hostmaster/db/client';
import { usesOfDeliveries } from '@hostmaster/db/delivery';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';
import { lastTests } from './last-test.ts';

const settings = z.record(z.string(), z.json());

type Which = { readonly id?: string; readonly slug?: { readonly gt?: string; readonly contains?: string } };

/** As they are answered, by short name; the secret is not even read. @param take at most so many */
export async function readDestinations(db: Reader, where: Which, take?: number): Promise<readonly DestinationRow[]> {
  const rows = await db.destination.findMany({
    where,
    orderBy: { slug: 'asc' },
    ...(take === undefined ? {} : { take }),
    select: {
      id: true,
      slug: true,
      kind: true,
      settings: true,
      version: true,
      clusters: { select: { slug: true, certificateLimit: true }, orderBy: { slug: 'asc' } },
      _count: { select: { deliveries: { where: { fingerprint: { not: null } } } } },
    },
  });
  const ids = rows.map(({ id }) => id);
  const testOf = await lastTests(db, ids);
  const uses = await usesOfDeliveries(db, ids);
  return rows.map(({ id, slug, kind, version, ...row }) => ({
    id,
    slug,
    kind,
    settings: readStored(settings, row.settings, 'destination.settings'),
    clusters: row.clusters.map((cluster) => cluster.slug),
    certificates: row._count.deliveries,
    loadBalancers: loadBalancersOf(
      uses.filter((use) => use.destinationId === id),
      row.clusters,
    ),
    lastTest: testOf(id, version),
    version,
  }));
}

/** What else uses a certificate has limits of its own. Of several clusters the one counts that takes the fewest. */
function loadBalancersOf(
  uses: readonly { readonly user: string; readonly certificates: number }[],
  clusters: readonly { readonly certificateLimit: number | null }[],
): DestinationRow['loadBalancers'] {
  const limits = clusters.flatMap(({ certificateLimit }) => certificateLimit ?? []);
  const atMost = limits.length === 0 ? loadBalancerCertificates : Math.min(...limits);
  return uses.flatMap(({ user, certificates }) => {
    const name = loadBalancerOf(user);
    return name === null ? [] : [{ name, certificates, atMost }];
  });
}

/** Errors: not-found. */
export async function readDestination(db: Reader, id: string): Promise<DestinationRow> {
  const [row] = await readDestinations(db, { id });
  if (row === undefined) throw new HostmasterError('not-found', `There is no destination ${id}.`);
  return row;
}
