import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { createInternalCaIssuer, type InternalCaIssuerOptions } from './internal-ca.ts';

/** What each kind of issuer is built from. */
export type IssuerOptions = { readonly 'internal-ca': InternalCaIssuerOptions };
export type IssuerKind = keyof IssuerOptions;

/** Every issuer there is, by kind. Adding one is a file, a line here and a run of the conformance suite. */
export const issuers: { readonly [Kind in IssuerKind]: (options: IssuerOptions[Kind]) => CertificateIssuer } = {
  'internal-ca': createInternalCaIssuer,
};
