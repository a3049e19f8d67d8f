import { HostmasterError } from '@hostmaster/core/errors';

/** Where a name server listens: an IP address, never a name, and a port. */
export type NameServer = { readonly address: string; readonly port: number };

export const serverText = ({ address, port }: NameServer): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const unreachable = (server: NameServer, why: string, cause?: unknown): HostmasterError =>
  new HostmasterError('dns-unreachable', `The name server ${serverText(server)} ${why}.`, cause === undefined ? {} : { cause });
