// Whether an endpoint is live or broken, by what was seen of its layers together: of a look that was just taken, and of the chain that
// is derived from what is kept of it.
import type { ChainLink } from '../contract/endpoint-view.ts';
import type { CertificateFault, ReachFault } from './judge.ts';
import type { EndpointState } from './state.ts';

type Seen = { readonly fault: CertificateFault | ReachFault | null; readonly message: string };

/**
 * What a look saw to be broken, the outermost first; null where nothing is. A certificate that was not reached is told by what kept users from it.
 * @param disagreement of the name servers, in a sentence; null where they answer as approved
 */
export function brokenBy(disagreement: string | null, served: Seen, reachable: Seen): string | null {
  if (disagreement !== null) return disagreement;
  const broken = [served, reachable].find(({ fault }) => fault !== null && fault !== 'NotReached');
  return broken?.message ?? null;
}

/** The same of the chain: the next look calls broken what has such a link. */
const isBroken = (chain: readonly Pick<ChainLink, 'state'>[]): boolean => chain.some(({ state }) => state === 'bad');

/**
 * The state as it is shown: what is on its way and stopped needs attention as what broke does, and what is called live is
 * shown broken where its chain is, until the next look says which it is.
 */
export const shownState = ({ state, attention, chain }: Shown): EndpointState =>
  attention || (state === 'live' && isBroken(chain)) ? 'degraded' : state;

type Shown = {
  readonly state: EndpointState;
  /** Counted among those that need attention. */
  readonly attention: boolean;
  readonly chain: readonly Pick<ChainLink, 'state'>[];
};
