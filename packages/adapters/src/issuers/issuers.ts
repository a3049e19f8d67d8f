import { byKind } from '@hostmaster/core/descriptor';
import type { IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import { type InternalCaOptions, internalCa, internalRoot } from './internal-ca.ts';

/** Every kind of issuer there is; a new one is a file, its name here, and a run of the conformance suite (kinds.test.ts). */
export const issuers = byKind<IssuerDescriptor<InternalCaOptions>>([internalCa, internalRoot]);
