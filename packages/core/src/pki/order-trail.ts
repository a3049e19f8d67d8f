// What an issuer said of an order when it was last asked, from the order down to each challenge (RFC 8555 §7.1.6): what answers whoever
// wonders why there is no certificate yet.
import { z } from 'zod';

/** The issuer's own words, bounded and made safe to show; null where it said nothing. */
const problem = z.string().max(2000).nullable();
/** As the issuer calls it: `pending`, `processing`, `valid`, `invalid` and the like. */
const status = z.string().max(64);

export const challengeTrail = z.object({ type: z.string().max(64), status, problem });
export const authorizationTrail = z.object({
  /** In A-labels, a wildcard with its star. */
  name: z.string().max(300),
  status,
  challenges: z.array(challengeTrail).max(50),
});
export const orderTrail = z.object({ status, problem, authorizations: z.array(authorizationTrail).max(1000) });
export type OrderTrail = z.output<typeof orderTrail>;
