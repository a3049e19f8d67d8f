// The boundary to whatever signs certificates: what is wanted (an order), what comes of it, and what a kind of issuer says of
// itself. Every implementation passes issuer-conformance.ts.
import type { z } from 'zod';
import type { CaaAsker } from '../acme/caa.ts';
import type { ProofMethod } from '../acme/proofs.ts';
import type { Clock } from '../clock.ts';
import type { ConnectionCheck } from '../connection-check.ts';
import type { Capability, SettingsDescriptor } from '../descriptor.ts';
import type { ProofRecord } from '../dns/connection-check.ts';
import type { CrlDraft } from './crl.ts';
import type { KeptCertificates } from './kept.ts';
import type { SealedSecret } from './key-store.ts';
import type { LeafContent } from './leaf-content.ts';
import type { OcspBatch, OcspTimes } from './ocsp-response.ts';
import type { OrderLimit } from './order-limit.ts';
import type { OrderTrail } from './order-trail.ts';
import type { AuthorityKey, CertificateProfile, ContractKey } from './profile.ts';

/** What is wanted. It is stored before anybody is asked, so an order that is taken up again is the same order. */
export type CertificateOrder = {
  readonly id: string;
  /** What is the same for all orders of one endpoint and team, for an issuer that calls something after it; the order's own id where it is left out. */
  readonly lineage?: string;
  /** A-labels, lower case, the subject's first; DNS names only. */
  readonly names: readonly string[];
  /**
   * PKCS#10, DER. Its signature (proof of possession) and key have been checked against the key policy. Null where the issuer makes the
   * key and keeps it.
   */
  readonly csr: Uint8Array | null;
  /** The key that is wanted, where no CSR says it. */
  readonly key?: ContractKey;
  /** The leaf of this issuer, DER, whose place it takes, where it takes one's: an issuer may ask less of a renewal (RFC 9773 §5). */
  readonly replaces?: Uint8Array;
  /** By what the issuer knows that, where it keeps it under a name of its own and renews it there for the same team. */
  readonly replacesAs?: string;
  /** For how many hours it shall be valid, where the issuer lets that be chosen; as long as it gives where it is left out. */
  readonly hours?: number;
  /** What it holds beside names and key, where the issuer lets that be chosen; that of a server where it is left out. */
  readonly content?: LeafContent;
  /** How control over the names is shown, where the issuer asks for that; dns-01 where it is left out. */
  readonly challenge?: ProofMethod;
};

/** What an issuer goes on from: JSON that it alone reads, stored with the order. Nothing in it is secret. */
export type Resume = Readonly<Record<string, string | number | boolean | null>>;

export type Progress =
  /** DER, leaf first, the root left out. */
  | {
      readonly outcome: 'issued';
      readonly chain: readonly Uint8Array[];
      /** The order at the issuer, where that was not told before. */
      readonly reference?: string;
    }
  | {
      readonly outcome: 'pending';
      readonly resume: Resume;
      /** The order at the issuer, as its owner would look it up; null where it has no name. */
      readonly reference: string | null;
      /** What is waited for, a sentence, and for whom. */
      readonly message: string;
      readonly movesNext: string;
      /** When it makes sense to ask again; null: the usual backoff. */
      readonly retryAfterSeconds: number | null;
    };

/** Each is there exactly where the issuer has the side that it speaks of. */
export type IssuerCapabilities = {
  readonly leaves: Capability;
  readonly wildcards: Capability;
  readonly revoke: Capability;
  readonly renewalWindow: Capability;
  readonly authority: Capability;
  /** Whether it makes the key, never hands it out, and keeps the certificate with it. */
  readonly keepsKey: Capability;
  /** Whether the account that orders belong to can be known by another key. */
  readonly changeKey: Capability;
};

/** CRLReason of RFC 5280 §5.3.1, the ones that make sense for a leaf. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;
export type RevocationReason = keyof typeof revocationReasons;
const isReason = (text: string): text is RevocationReason => Object.hasOwn(revocationReasons, text);
/** The reason that a row keeps; one that nobody here knows, as after a step back to an older version, is left unsaid. */
export const asReason = (text: string | null): RevocationReason => (text !== null && isReason(text) ? text : 'unspecified');
/** The same for people who choose one. */
export const revocationReasonWords: Readonly<Record<RevocationReason, string>> = {
  unspecified: 'No reason is given',
  keyCompromise: 'The private key is or may be known to somebody else',
  affiliationChanged: 'The name has gone to another team',
  superseded: 'Another certificate takes its place',
  cessationOfOperation: 'The name, or what it was for, is no more',
  privilegeWithdrawn: 'It should not have been issued',
};

/** A CA whose key is kept here: it signs its own lists, and an intermediate where it may. */
export type Authority = {
  /** DER. */
  readonly certificate: Uint8Array;
  /** A CRL, DER. Errors: invalid-input, key-unreadable. */
  signCrl(draft: CrlDraft): Promise<Uint8Array>;
  /** Where its complete list is fetched; where those of its shards are follows from it. */
  readonly crlAddress: string;
  /** Who signs its OCSP responses; null where it signs no leaves. */
  readonly ocsp: OcspDelegation | null;
  /** Null where a CA may sign no other one. Errors: invalid-input, key-unreadable. */
  readonly signIntermediate: ((permittedSuffixes: readonly string[]) => Promise<CertificateAuthority>) | null;
};
/** A CA as it is stored: its certificate, DER, and its private key, wrapped or in a token. */
export type CertificateAuthority = { readonly certificate: Uint8Array; readonly key: SealedSecret };

/** A CA to be: its request, PKCS#10 and DER, and its private key, wrapped or in a token. */
export type AuthorityRequest = { readonly csr: Uint8Array; readonly key: SealedSecret };

/** Makes CAs, and takes in keys of those that were made elsewhere. */
export type AuthorityMaker = {
  /** A self-signed root. @param added where there is one already: its name then tells the two apart. Errors: invalid-input, key-unreadable. */
  root(wish: { readonly key: AuthorityKey; readonly added: boolean }): Promise<CertificateAuthority>;
  /** The key of a CA that a root elsewhere is to sign, and the request for it. @param root slug of that root. Errors: key-unreadable. */
  request(wish: {
    readonly key: AuthorityKey;
    readonly permittedSuffixes: readonly string[];
    readonly root: string;
  }): Promise<AuthorityRequest>;
  /** Takes in the private key of a certificate (PEM: PKCS#8, also encrypted, PKCS#1, SEC 1). Errors: invalid-input in all that can be wrong. */
  adopt(certificate: Uint8Array, key: { readonly keyPem: string; readonly passphrase: string | null }): CertificateAuthority;
};
/** A key that signs OCSP responses in the place of the CA's (RFC 6960 §4.2.2.2), as it is stored. */
export type OcspSigner = { readonly certificate: Uint8Array; readonly key: SealedSecret };
export type OcspDelegation = {
  /** Makes one that may sign for some weeks. Errors: issuer-refused (its certificate would break a rule), key-unreadable. */
  createSigner(): Promise<OcspSigner>;
  /** Opens one: what signs a batch of responses. Errors: key-unreadable, invalid-input where certificate and key do not belong together. */
  open(signer: OcspSigner): (times: OcspTimes) => OcspBatch;
};

export interface CertificateIssuer {
  readonly capabilities: IssuerCapabilities;

  /** What is the same however often the order is asked for; asks nobody. Stored together with the order. */
  begin(order: CertificateOrder): Resume;

  /**
   * Asks for the order, or asks on from what was stored last. Whatever came of it, asking again from the same `resume` gives the same
   * certificate, never a second one. Errors: issuer-refused (for good), issuer-unavailable, key-unreadable.
   * @param saw told each time that the issuer says where the order is, whatever comes of it then; an issuer that signs at once says nothing
   */
  issue(order: CertificateOrder, resume: Resume, signal: AbortSignal, saw?: (trail: OrderTrail) => void): Promise<Progress>;

  /** Revokes a leaf, DER; one that is revoked already is left so. Errors: issuer-refused (not its certificate), issuer-unavailable. */
  revoke?(leaf: Uint8Array, reason: RevocationReason, signal: AbortSignal): Promise<void>;

  /** When the issuer wants a leaf renewed (RFC 9773); null where its server does not say such things. Errors: issuer-unavailable. */
  renewalWindow?(leaf: Uint8Array, signal: AbortSignal): Promise<{ readonly start: Date; readonly end: Date } | null>;

  /** For how many hours it signs at most, as it says now; null where it does not say, or sets no end. Signs nothing. Errors: issuer-unavailable. */
  longestHours?(signal: AbortSignal): Promise<number | null>;

  /** The resolver with which the issuer looks names up, where that is not what everybody sees. */
  readonly resolver?: string;

  /** By what CAA records would let it in (RFC 8659), which may name the method; null where it does not say. Errors: issuer-refused, issuer-unavailable. */
  caa?(method: ProofMethod, signal: AbortSignal): Promise<CaaAsker | null>;

  /**
   * Has the account known by this key from now on (RFC 8555 §7.3.5), whether or not that was asked before; the key in force signs for
   * nothing afterwards. Errors: issuer-refused (it stays as it was), issuer-unavailable, key-unreadable.
   */
  changeKey?(next: SealedSecret, signal: AbortSignal): Promise<void>;

  readonly authority?: Authority;

  readonly kept?: KeptCertificates;
}

export type IssuerConnection<Settings> = {
  /** Names its certificate and list where they are published. */
  readonly slug: string;
  readonly settings: Settings;
  /** Null where it signs no leaves. */
  readonly profile: CertificateProfile | null;
  /** The signing certificate and those above it, DER; empty where the issuer says so itself with every certificate. */
  readonly chain: readonly Uint8Array[];
  /** The key that signs certificates, wrapped or in a token, or that signs requests where the CA is elsewhere; null where there is none. */
  readonly key: SealedSecret | null;
  /** Whether another key is about to take the place of that of its account: nothing is asked in its name until it has. */
  readonly changesKey?: boolean;
  /** What the CA gave whoever connected it; empty where it gave nothing. */
  readonly secret: Uint8Array;
};

/** What whoever runs a CA does for it, as a command that a shell takes as it stands. */
export type CommandStep = { readonly title: string; readonly command: string };

/** An issuer whose connection is tested; there may be none yet with this name. */
export type TestedIssuer<Settings> = IssuerConnection<Settings> & {
  /** The domains that it is to sign below. */
  readonly suffixes: readonly string[];
};
/** What one kind asks of what it has opened for a test, which nobody else looks into. */
export type IssuerCheck<Settings = Readonly<Record<string, unknown>>, Tested = unknown> = ConnectionCheck<
  Tested,
  { readonly settings: Settings; readonly suffixes: readonly string[] }
>;

/** All that a kind of issuer says of itself to processes that open none. */
export type IssuerDescription<Settings extends z.ZodObject = z.ZodObject> = SettingsDescriptor<Settings> & {
  readonly capabilities: IssuerCapabilities;
  /** What "Test connection" runs, in this order; none of what is made here. */
  readonly checks: readonly IssuerCheck<z.output<Settings>>[];
  /** By which records it has control over names proved in DNS (RFC 8555 §8.4): they have to be written in their zones. False where it has none proved there. */
  readonly provesInDns: false | ProofRecord;
  /** The settings that say which CA it is: what was ordered is known there alone, so they stay while anything was. */
  readonly identifiedBy: readonly (keyof z.output<Settings> & string)[];
  /** What the CA takes within some time; not there where it says nothing of the kind. */
  limits?(settings: z.output<Settings>): readonly OrderLimit[];
  /** What has to be set up at the CA so that it signs below these domains; not there where nothing has. */
  setup?(settings: z.output<Settings>, suffixes: readonly string[]): readonly CommandStep[];
};
export type IssuerKinds = ReadonlyMap<string, IssuerDescription>;

/** What one kind of issuer says of itself, and the way in. `Deps`: what the process must have to open one. */
export type IssuerDescriptor<Deps, Settings extends z.ZodObject = z.ZodObject> = IssuerDescription<Settings> & {
  /** What a key is wrapped for that is made here when it is first opened, by its slug; null where it comes with the row. */
  readonly ownKey: ((slug: string) => string) | null;
  /** Errors: issuer-unavailable (a part of the connection is missing). Opens no connection yet. */
  open(connection: IssuerConnection<z.output<Settings>>, deps: Deps & { readonly clock: Clock }): CertificateIssuer;
  /** What its checks are given; not there where it has none. Opens no connection yet, and nothing is made at the CA or here. */
  openTest?(connection: TestedIssuer<z.output<Settings>>, deps: Deps & { readonly clock: Clock }): unknown;
};
