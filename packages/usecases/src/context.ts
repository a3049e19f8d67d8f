// What a use case is handed. A process builds it in its container.ts; what a process must not hold is simply not there:
// web can seal a secret but has nothing that opens one, and no provider, issuer or prober.
import type { HandshakeProofs } from '@hostmaster/core/acme/proofs';
import type { Clock } from '@hostmaster/core/clock';
import type { DnsProvider, DnsProviderKinds, OpenConnection } from '@hostmaster/core/dns/provider';
import type { CertificateDestination, DestinationKinds } from '@hostmaster/core/pki/destination';
import type { AuthorityMaker, CertificateIssuer, IssuerKinds } from '@hostmaster/core/pki/issuer';
import type { KeyStore, Sealer } from '@hostmaster/core/pki/key-store';
import type { LeafContent } from '@hostmaster/core/pki/leaf-content';
import type { ContractKey } from '@hostmaster/core/pki/profile';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Prober } from '@hostmaster/core/probe/prober';
import type { ConnectedLog, TransparencyLog } from '@hostmaster/core/transparency/log';
import type { Db } from '@hostmaster/db/client';
import type { Places } from './places.ts';

/** The installation's own facts, read from the environment once. */
export type Installation = {
  /** Base URL of the portal, without a trailing slash. */
  readonly publicUrl: string;
};

/** From where somebody asks: their session, where it is not a token, and their address. */
export type Client = { readonly sessionId: string | null; readonly address: string };

export type Ctx = {
  readonly actor: Actor;
  /** Kept with what they do; left out where nobody asks, as in the worker. */
  readonly client?: Client;
  readonly db: Db;
  readonly clock: Clock;
  /** What each kind of DNS provider says of itself; opening one is the worker's alone. */
  readonly dnsProviders: DnsProviderKinds;
  /** The same of the kinds of issuers that can be connected. */
  readonly issuerKinds: IssuerKinds;
  /** And of the kinds of destinations. */
  readonly destinationKinds: DestinationKinds;
  readonly installation: Installation;
};

/** Web's context: it can write a secret, never read one. */
export type SealingCtx = Ctx & { readonly sealer: Sealer };

export type ZoneConnection = OpenConnection<Readonly<Record<string, unknown>>> & { readonly kind: string };

/** The worker's context: everything that touches a network or a private key. */
export type WorkerCtx = Ctx & {
  readonly keyStore: KeyStore;
  /** Opens the provider of a zone. Errors: unsupported (nobody knows the kind), invalid-input. */
  readonly dnsProvider: (connection: ZoneConnection) => DnsProvider;
  /** The issuer of a row of the issuer table. Errors: unsupported (nobody knows its kind), issuer-unavailable. */
  readonly issuer: (issuer: IssuerRow) => Promise<CertificateIssuer>;
  /** What the checks of its kind are given; of one that is tried, too. Errors: unsupported (it has none), key-unreadable. */
  readonly issuerTest: (issuer: IssuerRow, suffixes: readonly string[]) => Promise<unknown>;
  readonly keys: PrivateKeys;
  readonly authorities: AuthorityMaker;
  readonly prober: Prober;
  /** A log of Certificate Transparency. Errors: invalid-input (its key). */
  readonly transparencyLog: (log: ConnectedLog) => TransparencyLog;
  /** Roots that everybody trusts, PEM. */
  readonly publicRoots: readonly string[];
  /** The directory of the worker; null where it has none. */
  readonly edge: CertificateDestination | null;
  /** Proofs of control that are shown from there in TLS handshakes; null where the worker has no directory. */
  readonly handshakeProofs: HandshakeProofs | null;
  /** A destination that somebody connected: what holds the certificates of a namespace there. Errors: unsupported, key-unreadable. */
  readonly connectedDestination: (destination: StoredDestination) => Promise<(namespace: string) => CertificateDestination>;
  /** What the checks of its kind are given; of one that is tried, too. Errors: unsupported, key-unreadable. */
  readonly destinationTest: (destination: StoredDestination) => Promise<unknown>;
  /** Zones that are read at once: a large one takes minutes, and must leave room for other work. */
  readonly readings: Places;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly log: Log;
};

/** Structured, after pino: fields first. Never given a secret. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type IssuerRow = {
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
  readonly chainPem: string;
  readonly profile: string | null;
  readonly settings: unknown;
  readonly keyId: string | null;
  readonly keyCiphertext: Uint8Array | null;
  /** The key that is about to take the place of that of its account. */
  readonly nextKeyId: string | null;
  readonly secretKeyId: string | null;
  readonly secretCiphertext: Uint8Array | null;
};

export type StoredDestination = {
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
  readonly settings: unknown;
  readonly secretKeyId: string | null;
  readonly secretCiphertext: Uint8Array | null;
};

export type WrappedKey = { readonly keyId: string; readonly ciphertext: Uint8Array };

/** Making and keeping private keys: of leaves, and of accounts at a CA. */
export type PrivateKeys = {
  /** A new P-256 key for an account (RFC 8555 §6.2), wrapped. */
  account(context: string): Promise<WrappedKey>;
  /** A new key pair and a PKCS#10 (DER) for the names, and for what else it is to speak for; the private key leaves only wrapped. */
  generate(
    algorithm: ContractKey,
    names: readonly string[],
    context: string,
    others?: Pick<LeafContent, 'addresses' | 'spiffeId'>,
  ): Promise<{ csr: Uint8Array; key: { keyId: string; ciphertext: Uint8Array } }>;
  /** Takes in a private key (PKCS#8, DER) that somebody brought, with a PKCS#10 (DER) for the names that it signed. Errors: invalid-input. */
  adopt(privateKey: Uint8Array, names: readonly string[], context: string): Promise<{ csr: Uint8Array; key: WrappedKey }>;
  /** The private key as PKCS#8 PEM, for delivery. */
  exportPem(key: WrappedKey, context: string): Promise<string>;
};
