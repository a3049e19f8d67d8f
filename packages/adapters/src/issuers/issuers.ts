import { byKind } from '@hostmaster/core/descriptor';
import type { IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import { type AcmOptions, acm } from './acm/acm.ts';
import { acme } from './acme/acme.ts';
import type { AcmeOptions } from './acme/settings.ts';
import { imported } from './imported.ts';
import { type InternalCaOptions, internalCa, internalRoot } from './internal-ca.ts';
import { keyVaultIssuer } from './key-vault/key-vault.ts';
import { type VaultOptions, vault } from './vault/vault.ts';

/** What a process must have to open an issuer of whatever kind. */
export type IssuerOptions = InternalCaOptions & AcmeOptions & VaultOptions & AcmOptions;

/** Every kind of issuer there is; a new one is a file, its name here, and a run of the conformance suite (kinds.test.ts). */
export const issuers = byKind<IssuerDescriptor<IssuerOptions>>([internalCa, internalRoot, acme, vault, acm, keyVaultIssuer, imported]);
