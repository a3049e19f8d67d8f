import type { ExceptionInput, ExceptionRow } from '@hostmaster/core/contract/exception';
import { day } from '@hostmaster/core/duration';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { type Hostname, suffixesOf } from '@hostmaster/core/hostname/hostname';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { authorize } from '@hostmaster/core/policy/authorize';
import { exceptableRules } from '@hostmaster/core/policy/exceptable';
import { minuteOf } from '@hostmaster/core/said-time';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuse } from '../violation.ts';
import { presentException } from './present.ts';

const longestDays = 366;

/**
 * Records that a rule does not stand in the way of a name until a day. What the name's safety hangs on (its syntax, its
 * holder, what can be reached, what a plan may touch) is no rule of this kind.
 * Errors: forbidden, self-review where the reviewer's own team may claim the name, invalid-input with everything that is
 * wrong, already-exists.
 */
export async function recordException(ctx: Ctx, input: ExceptionInput): Promise<ExceptionRow> {
  const now = ctx.clock.now();
  const { rule, reason } = input;
  const until = new Date(input.until);
  const violations: Violation[] = [...knownRule(rule), ...withinReach(until, now)];
  const parsed = parseHostname(input.hostname);
  authorize(ctx.actor, 'exception.create', { claimants: parsed.ok ? await claimantsOf(ctx, parsed.hostname, now) : [] });
  if (!parsed.ok) violations.push(...parsed.violations);
  refuse(violations);
  if (!parsed.ok) throw new TypeError('unreachable: a violation was refused');
  const { hostname } = parsed;
  return transact(ctx.db, async (tx) => {
    const there = await tx.policyException.findFirst({ where: { rule, hostname, until: { gt: now } } });
    if (there !== null)
      throw new HostmasterError(
        'already-exists',
        `${rule} is lifted for ${hostname} until ${minuteOf(there.until)} already; end that first.`,
      );
    const row = await tx.policyException.create({ data: { rule, hostname, reason, until, by: ctx.actor.name, createdAt: now } });
    await audit(tx, ctx, 'exception.create', { id: row.id, name: hostname }, { rule, reason, until: row.until.toISOString() }, now);
    return presentException(row);
  });
}

function knownRule(rule: string): Violation[] {
  if (exceptableRules.some(({ name }) => name === rule)) return [];
  const names = exceptableRules.map(({ name }) => name).join(', ');
  return [{ rule: 'rule-exceptable', path: 'rule', reason: `No exception lifts ${rule}.`, remedy: `Choose among ${names}.` }];
}

function withinReach(until: Date, now: Date): Violation[] {
  const ahead = until.getTime() - now.getTime();
  if (ahead > 0 && ahead <= longestDays * day) return [];
  const reason = ahead > 0 ? `An exception lasts at most ${longestDays} days.` : 'The exception would have ended already.';
  return [{ rule: 'exception-until', path: 'until', reason, remedy: `Choose a day within the next ${longestDays}.` }];
}

/** The teams that may claim the name: those with a grant at the most specific granted suffix. */
async function claimantsOf({ db }: Ctx, hostname: Hostname, now: Date) {
  const suffixes: readonly string[] = suffixesOf(hostname);
  const grants = await db.grant.findMany({
    where: { suffix: { in: [...suffixes] }, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    select: { suffix: true, team: { select: { id: true, slug: true } } },
  });
  const nearest = suffixes.find((suffix) => grants.some((grant) => grant.suffix === suffix));
  return grants.filter(({ suffix }) => suffix === nearest).map(({ team }) => team);
}
