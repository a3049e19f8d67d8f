// What Vault answers as a chain: in order, without its root, and such that who trusts that root takes it.
import { HostmasterError } from '@hostmaster/core/errors';
import { issuerOperator, operator } from '@hostmaster/core/operation/moves-next';
import { chainFault, splitPem } from '@hostmaster/core/pki/chain';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { serverContent } from '@hostmaster/core/pki/leaf-content';
import { pathFrom } from '@hostmaster/core/pki/path-from';
import type { VaultServer } from './server.ts';

export type ChainDeps = {
  readonly server: VaultServer;
  /** What a chain has to lead to, DER; where there are none, nothing is known of that here. */
  readonly roots: readonly Uint8Array[];
  readonly now: () => Date;
};

/** The certificates of PEM texts, DER. Errors: issuer-unavailable; what is no certificate now may be one the next time. */
export function certificatesIn(server: VaultServer, pems: readonly string[]): readonly Uint8Array[] {
  try {
    return pems.filter((pem) => pem !== '').flatMap(splitPem);
  } catch (cause) {
    if (cause instanceof HostmasterError) throw server.unusable('what it answers is no certificate', cause);
    throw cause;
  }
}

/** Leaf first. Errors: issuer-unavailable; what was signed is found again once whoever is named has acted. */
export function usableChain(
  { server: { name }, roots, now }: ChainDeps,
  leaf: Uint8Array,
  others: readonly Uint8Array[],
  { content = serverContent }: Pick<CertificateOrder, 'content'>,
): readonly Uint8Array[] {
  const chain = pathOf(name, leaf, others);
  const fault = roots.length === 0 ? null : chainFault(chain, roots, null, now(), content.usages);
  if (fault === null) return chain;
  throw new HostmasterError(
    'issuer-unavailable',
    `What ${name} signed is of no use to who trusts the root that it was connected with: ${fault}. Compare the root of the issuer with Vault’s.`,
    { movesNext: operator },
  );
}

function pathOf(name: string, leaf: Uint8Array, others: readonly Uint8Array[]): readonly Uint8Array[] {
  try {
    return pathFrom(leaf, others);
  } catch (cause) {
    if (!(cause instanceof HostmasterError)) throw cause;
    throw new HostmasterError('issuer-unavailable', `What ${name} answers is no chain: ${cause.message}`, {
      cause,
      movesNext: issuerOperator(name),
    });
  }
}
