import type { ReservationInput, reservationRow } from '@hostmaster/core/contract/governance';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { type Hostname, labelsOf } from '@hostmaster/core/hostname/hostname';
import { parseHostname, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { parseSuffix, refuse } from '../violation.ts';
import { presentReservation } from './present.ts';

const teamPrefix = 'team:';

/** Has names reviewed before anybody may have them. Errors: forbidden, invalid-input, already-exists. */
export async function createReservation(ctx: Ctx, input: ReservationInput): Promise<z.output<typeof reservationRow>> {
  authorize(ctx.actor, 'reservation.create');
  const violations: Violation[] = [];
  const { value, skeleton } = canonicalForm(input, violations);
  if (input.group.startsWith(teamPrefix)) {
    const slug = input.group.slice(teamPrefix.length);
    if ((await ctx.db.team.findUnique({ where: { slug } })) === null)
      violations.push({ rule: 'team-exists', path: 'group', reason: `There is no team ${slug}.`, remedy: 'Choose an existing team.' });
  }
  refuse(violations);
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { kind, group, reason } = input;
    if ((await tx.reservation.findUnique({ where: { value_kind: { value, kind } } })) !== null)
      throw new HostmasterError('already-exists', `${value} is reserved already (${kind}).`);
    const row = await tx.reservation.create({ data: { kind, value, skeleton, group, reason, createdAt: now } });
    await audit(tx, ctx, 'reservation.create', { id: row.id, name: value }, { kind, group, reason }, now);
    return presentReservation(row);
  });
}

type Canonical = { readonly value: string; readonly skeleton: string };
const nothing: Canonical = { value: '', skeleton: '' };
const canonical = (hostname: Hostname | null): Canonical =>
  hostname === null ? nothing : { value: hostname, skeleton: skeletonOf(hostname) };

/** The forms in which the policy compares: a canonical hostname or one A-label, and what it reads like. */
function canonicalForm({ kind, value }: ReservationInput, violations: Violation[]): Canonical {
  if (kind === 'suffix') return canonical(parseSuffix(value, 'value', violations));
  // A label alone may be what no hostname ends with ("42"), so it is parsed where it would stand.
  const parsed = parseHostname(kind === 'label' ? `${value}.example` : value, 'value');
  if (!parsed.ok) {
    violations.push(...parsed.violations);
    return nothing;
  }
  if (kind === 'exact') return canonical(parsed.hostname);
  const [label = '', ...rest] = labelsOf(parsed.hostname);
  if (rest.length !== 1 || label === '*')
    violations.push({
      rule: 'single-label',
      path: 'value',
      reason: 'A label is one part of a name.',
      remedy: 'Give the part between two dots.',
    });
  return { value: label, skeleton: skeletonOf(parsed.hostname).split('.')[0] ?? '' };
}
