import { HostmasterError } from '@hostmaster/core/errors';
import { theIssuer } from '@hostmaster/core/operation/moves-next';
import { contentOf } from '@hostmaster/core/pki/leaf-content';
import { hoursAskedFor } from '@hostmaster/core/pki/lifetime';
import { sourceTraits } from '@hostmaster/core/pki/source-traits';
import { transition } from '@hostmaster/db/transition';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import { outlastsPatience, passedOver } from '../certificate/fallback.ts';
import type { FittingOrder } from '../certificate/fitting.ts';
import { type StepResult, stepWaits, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/**
 * What becomes of an order whose issuer refused it, could not be asked, or signs no more, which nobody waits for: it is closed where
 * another issuer may be asked for the same, which the next run does. Null where none may, or the issuer may be back soon: the error stands.
 */
export async function giveWay(
  work: Work,
  subject: Subject,
  row: FittingOrder,
  error: HostmasterError,
  { atOnce = false }: { readonly atOnce?: boolean } = {},
): Promise<StepResult | null> {
  const { ctx } = work;
  const other = await otherIssuer(work, subject, row);
  const now = ctx.clock.now();
  const unavailableSince = row.unavailableSince ?? now;
  if (other === null || (!atOnce && !outlastsPatience(error, unavailableSince, now))) {
    await ctx.db.certificateOrder.updateMany({ where: { id: row.id, state: 'open' }, data: { unavailableSince } });
    return null;
  }
  const message = `${error.message} It is ordered from ${other.name} next.`;
  return stepWaits(work, { message, movesNext: theIssuer, seconds: 0 }, async (tx) => {
    // One that was refused is closed already.
    await transition(tx, 'certificateOrder', { id: row.id }, 'abandon', { closedAt: now, unavailableSince });
  });
}

/** One that may sign for the same and did not come to nothing lately. What keeps its key is served where it is, and not elsewhere. */
async function otherIssuer({ ctx }: Work, { contract, names }: Subject, { endpointId, issuerId }: FittingOrder) {
  if (sourceTraits[contract.tls.source].keepsKey) return null;
  const passed = new Set([issuerId, ...(await passedOver(ctx, { endpointId, names }))]);
  try {
    const other = await chooseIssuer(ctx, contract.tls.source, names, {
      passedOver: passed,
      content: contentOf(contract.tls),
      hours: hoursAskedFor(contract.tls),
    });
    return passed.has(other.id) ? null : other;
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}
