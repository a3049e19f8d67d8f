import { serverText } from '@hostmaster/core/contract/network';
import { rcodeName, rcodes } from '@hostmaster/core/dns/wire/codes';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import type { NameServer } from './server.ts';

const codes = new Map<number, ErrorCode>([
  [rcodes.FORMERR, 'dns-refused'],
  [rcodes.SERVFAIL, 'dns-server-failed'],
  [rcodes.NXDOMAIN, 'plan-stale'],
  [rcodes.NOTIMP, 'unsupported'],
  [rcodes.REFUSED, 'dns-refused'],
  [rcodes.YXDOMAIN, 'plan-stale'],
  [rcodes.YXRRSET, 'plan-stale'],
  [rcodes.NXRRSET, 'plan-stale'],
  [rcodes.NOTAUTH, 'dns-refused'],
  [rcodes.NOTZONE, 'invalid-input'],
]);

/** The error for an RCODE other than NOERROR in the answer to an UPDATE or a transfer (RFC 2136 §2.2). */
export function rcodeError(server: NameServer, rcode: number, what: string): HostmasterError {
  const code = codes.get(rcode) ?? 'dns-server-failed';
  const stale = code === 'plan-stale' ? ': the records are no longer those that the plan was made from' : '';
  return new HostmasterError(code, `The name server ${serverText(server)} answered ${rcodeName(rcode)} to ${what}${stale}.`);
}
