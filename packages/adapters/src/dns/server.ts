import { serverText } from '@hostmaster/core/contract/network';
import { HostmasterError } from '@hostmaster/core/errors';
import { createGuard } from '../net/guard.ts';

/** Where a name server listens: an IP address, never a name, and a port. */
export type NameServer = { readonly address: string; readonly port: number };

export const unreachable = (server: NameServer, why: string, cause?: unknown): HostmasterError =>
  new HostmasterError('dns-unreachable', `The name server ${serverText(server)} ${why}.`, cause === undefined ? {} : { cause });

const guard = createGuard();

/**
 * A name server may stand in any private network, but not where none stands and something else listens: link-local and
 * metadata addresses, multicast. Whoever connects a zone chooses the address, so it is judged where it is used.
 * Errors: address-forbidden.
 */
export const checkNameServer = ({ address }: NameServer): void => guard.checkAddress(address, { allowedRanges: ['0.0.0.0/0', '::/0'] });
