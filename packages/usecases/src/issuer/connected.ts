import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { HostmasterError } from '@hostmaster/core/errors';
import { noIssuer } from './get.ts';

/** Passes an issuer that somebody connected. Errors: not-found, unsupported (made here: it follows the zones). */
export function requireConnected(issuer: IssuerRow | null, id: string): IssuerRow {
  if (issuer === null) throw noIssuer(id);
  if (issuer.connection !== null) return issuer;
  throw new HostmasterError(
    'unsupported',
    `The issuer ${issuer.slug} is made here and follows the zones; only one that was connected is changed or removed.`,
  );
}
