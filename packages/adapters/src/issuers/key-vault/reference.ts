// By what whoever ends TLS in Azure knows a certificate: its secret without a version, which leads to the newest one.
import type { Vault } from '../../destinations/key-vault/vault.ts';

export const referenceOf = ({ origin }: Pick<Vault, 'origin'>, name: string): string => `${origin}/secrets/${name}`;

/** The name of its certificate; null where it is no such reference. */
export const nameIn = (reference: string): string | null => /\/secrets\/([0-9a-zA-Z-]{1,127})$/.exec(reference)?.[1] ?? null;
