import { serverText } from '@hostmaster/core/contract/network';
import { rcodeName, rcodes } from '@hostmaster/core/dns/wire/codes';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import type { NameServer } from './server.ts';

/** What a server says to anything; whatever else it says is a failure of its own. */
const saidToAll: readonly (readonly [number, ErrorCode])[] = [
  [rcodes.NOTIMP, 'dns-refused'],
  [rcodes.REFUSED, 'dns-refused'],
  [rcodes.NOTAUTH, 'dns-refused'],
];
const codes = new Map<number, ErrorCode>(saidToAll);
/** To an UPDATE (RFC 2136 §2.2, §3.2). */
const updateCodes = new Map<number, ErrorCode>([
  ...saidToAll,
  [rcodes.NXDOMAIN, 'plan-stale'],
  [rcodes.NOTIMP, 'dns-no-updates'],
  [rcodes.YXDOMAIN, 'plan-stale'],
  [rcodes.YXRRSET, 'plan-stale'],
  [rcodes.NXRRSET, 'plan-stale'],
]);
const consequences: Partial<Record<ErrorCode, string>> = {
  'dns-no-updates': ': it takes no dynamic updates',
  'plan-stale': ': the records are no longer those that the plan was made from',
};

/** The error for an RCODE other than NOERROR in the answer to a question or a transfer. */
export const rcodeError = (server: NameServer, rcode: number, what: string): HostmasterError => errorOf(codes, server, rcode, what);
/** The same in the answer to an UPDATE. */
export const updateError = (server: NameServer, rcode: number, what: string): HostmasterError => errorOf(updateCodes, server, rcode, what);

function errorOf(known: ReadonlyMap<number, ErrorCode>, server: NameServer, rcode: number, what: string): HostmasterError {
  const code = known.get(rcode) ?? 'dns-server-failed';
  const so = consequences[code] ?? '';
  return new HostmasterError(code, `The name server ${serverText(server)} answered ${rcodeName(rcode)} to ${what}${so}.`);
}
