// Whether an endpoint is live or broken, by what was seen of its layers together: of a look that was just taken, and of the chain that
// is derived from what is kept of it.
import type { ChainLink } from '../contract/endpoint-view.ts';
import type { CertificateFault, ReachFault } from './judge.ts';
import { type EndpointState, endpointMachine } from './state.ts';

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

/** The state as it is shown: what is called live is shown broken where its chain is, until the next look says which it is. */
export const shownState = ({
  state,
  chain,
}: {
  readonly state: EndpointState;
  readonly chain: readonly Pick<ChainLink, 'state'>[];
}): EndpointState => (state === 'live' && isBroken(chain) ? endpointMachine.advance(state, 'observe-broken') : state);
