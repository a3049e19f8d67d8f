// An issuer that cannot be asked, or refuses, gives way to another one of the source that the contract names.
import { day, minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { Reader } from '@hostmaster/db/client';
import type { Ctx } from '../context.ts';

/** How long an issuer that cannot be asked is waited for where another one may sign: most outages are over by then. */
export const patienceMilliseconds = 15 * minute;
/** For so long it is not the first to be asked again for the same names. */
const passedOverMilliseconds = day;

type Asked = { readonly endpointId: string; readonly names: readonly string[] };

/** The issuers that lately came to nothing for the same names, by id. */
export async function passedOver({ db, clock }: Pick<Ctx, 'clock'> & { readonly db: Reader }, asked: Asked): Promise<ReadonlySet<string>> {
  const lately = await db.certificateOrder.findMany({
    where: {
      endpointId: asked.endpointId,
      names: { equals: [...asked.names] },
      createdAt: { gt: new Date(clock.now().getTime() - passedOverMilliseconds) },
      OR: [{ state: 'refused' }, { state: 'abandoned', unavailableSince: { not: null } }],
    },
    select: { issuerId: true },
  });
  return new Set(lately.map(({ issuerId }) => issuerId));
}

/** Whether an error is the issuer's, so that another one may do better: it refuses, cannot be asked, or takes no more. */
export const isOfIssuer = (error: unknown): error is HostmasterError =>
  error instanceof HostmasterError && ['issuer-refused', 'issuer-unavailable', 'rate-limited'].includes(error.code);

/** Whether it is the issuer that cannot be asked, or takes no more: what stands in a zone keeps it from one name alone. */
export const isAway = (error: unknown): boolean =>
  error instanceof HostmasterError && error.code === 'issuer-unavailable' && error.movesNext !== zoneOwner;

/** Whether it is worth waiting for. @param since when it could first not be asked */
export const outlastsPatience = ({ code, retryAfter }: HostmasterError, since: Date, now: Date): boolean =>
  code === 'issuer-refused' || (retryAfter ?? 0) * 1000 >= patienceMilliseconds || now.getTime() - since.getTime() >= patienceMilliseconds;
