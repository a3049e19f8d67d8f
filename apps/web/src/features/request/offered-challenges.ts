import { edgeTerminations } from '@hostmaster/core/acme/proofs';
import type { Me } from '@hostmaster/core/contract/account';
import type { FormValues } from './form-values';
import { challengeOptions } from './options';

/** What can show control over what the form asks for; what is chosen is offered, whether it can or not. */
export const offeredChallenges = (me: Pick<Me, 'clusters' | 'tlsProofs'>, values: FormValues): typeof challengeOptions =>
  challengeOptions.filter(({ value }) => value !== 'tls-alpn-01' || value === values.challenge || isAtEdge(me, values));

/** Whether the rule tls-challenge may let it be answered by the edge. */
function isAtEdge({ clusters, tlsProofs }: Pick<Me, 'clusters' | 'tlsProofs'>, values: FormValues): boolean {
  const { hostname, extraNames, view, pointsTo, cluster, termination, csr } = values;
  const wildcard = [hostname, ...extraNames.split(/\s+/)].some((name) => name.trim().startsWith('*'));
  const handedOn = pointsTo === 'cluster' && clusters.some(({ slug, destination }) => slug === cluster && destination !== null);
  const ours = edgeTerminations.includes(termination) && pointsTo !== 'certificateOnly' && csr.trim() === '' && !handedOn;
  return tlsProofs && ours && view === 'public' && !wildcard;
}
