/** Where the private key of a certificate is. */
export const keyHolders = ['hostmaster', 'requester', 'issuer'] as const;
export type KeyHolder = (typeof keyHolders)[number];

/** By what an order has of it: a key that is wrapped here, a CSR of its requester, or nothing, where its issuer makes it. */
export const keyHolderOf = ({ keyId, csr }: { readonly keyId: string | null; readonly csr: Uint8Array | null }): KeyHolder =>
  keyId !== null ? 'hostmaster' : csr !== null ? 'requester' : 'issuer';
