// What an order asks of a role of Vault's PKI, and what of the role is in its way.
import type { LeafContent } from '../pki/leaf-content.ts';
import type { KeyAlgorithm } from '../pki/profile.ts';
import type { VaultRole } from './role.ts';
import type { RoleChange } from './role-names.ts';

export type RoleOrder = {
  /** Hostnames, lower case. */
  readonly names: readonly string[];
  readonly key: { readonly algorithm: KeyAlgorithm; readonly bits: number };
  /** Null where no name of the order fits into one. */
  readonly commonName: string | null;
  readonly content: LeafContent;
};

export type RoleFault = {
  /** The field of the role that says no. */
  readonly rule: keyof VaultRole;
  /** A part of a sentence whose subject is the role. */
  readonly says: string;
  readonly change: RoleChange;
  /** What else may be done than that change, a sentence. */
  readonly instead?: string;
};
