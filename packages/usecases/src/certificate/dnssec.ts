// Whether whoever validates can see names at all, before a CA is asked that does: it would refuse, and say so to nobody who can mend it.
import type { View } from '@hostmaster/core/dns/view';
import { HostmasterError } from '@hostmaster/core/errors';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { WorkerCtx } from '../context.ts';

type Wanted = { readonly names: readonly string[]; readonly contract: { readonly view: View } };

/**
 * Of names that everybody sees, those that DNSSEC makes unbelievable (RFC 4035 §4.3), as far as the system's resolver validates, or that of the CA where it has one of its own. The CA's
 * own may know less, and is not asked then: a wrong DS is mended first. Errors: issuer-unavailable, with what to look at.
 */
export async function requireBelievable(
  { prober }: Pick<WorkerCtx, 'prober'>,
  issuer: string,
  { resolver }: Pick<CertificateIssuer, 'resolver'>,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  if (wanted.contract.view !== 'public') return;
  const bogus = await Promise.all(wanted.names.map((name) => prober.isBogus(name.replace(/^\*\./, ''), signal, resolver)));
  const name = wanted.names.find((_, index) => bogus[index]);
  if (name === undefined) return;
  throw new HostmasterError(
    'issuer-unavailable',
    `${issuer} will not sign for ${name}: DNSSEC does not validate there, so that a CA cannot believe what DNS says of it. Ask delv ${name.replace(/^\*\./, '')} SOA, compare the DS records above its zone with the DNSKEY records in it, and look when its signatures end.`,
    { movesNext: zoneOwner },
  );
}
