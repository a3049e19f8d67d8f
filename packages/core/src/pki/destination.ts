// The boundary to whatever ends TLS for a hostname.

export type Delivery = {
  readonly hostname: string;
  /** Leaf first, the root left out. */
  readonly fullchainPem: string;
  /** PKCS#8. */
  readonly privateKeyPem: string;
};

export interface CertificateDestination {
  /** SHA-256 of the leaf that it holds for the hostname, lower-case hex; null where it holds none that can be read. */
  held(hostname: string): Promise<string | null>;
  /** Puts key and chain in place together, or leaves what was there. Errors: delivery-failed, with where and what mends it. */
  deliver(delivery: Delivery): Promise<void>;
  /** Takes a hostname's certificate and key away; nothing happens where there is none. Errors: delivery-failed, as far as it came. */
  withdraw(hostname: string): Promise<void>;
}
