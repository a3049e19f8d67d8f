import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import type { Plan } from '@hostmaster/core/contract/plan';

/** What retiring a name comes to, before its plan is made. Only a name that was live is held back. */
export function retirementWords({ contract, liveSince }: Pick<EndpointDetail, 'contract' | 'liveSince'>): string {
  const certificate = contract.tls.termination === 'none' ? '' : ', and its certificate is revoked';
  const held = liveSince === null ? '' : ' Nobody else may take the name for a while.';
  if (isCertificateOnly(contract)) return `Its certificate is revoked; what stands at the name stays.${held}`;
  return `What Hostmaster put there is removed${certificate}.${held}`;
}

/** What the plan of a retirement says stays at the name, since somebody else put it there. */
export const staying = ({ notes }: Pick<Plan, 'notes'>): readonly string[] => notes.filter((note) => note.includes(' stays: '));
