// What is true of each source of certificates, whoever is connected for it: one row for each.
import type { z } from 'zod';
import { type EndpointContract, tlsSource } from '../contract/endpoint.ts';
import type { LeafContent } from './leaf-content.ts';
import { type ContractKey, contractKeys } from './profile.ts';

type Termination = EndpointContract['tls']['termination'];
export type TlsSource = z.output<typeof tlsSource>;
export type ContentField = keyof LeafContent;

type SourceTraits = {
  /** Where it can put its certificate, and why nowhere else. */
  readonly at: readonly Termination[];
  readonly why: string;
  /** Whether it signs for a key which the requester holds. */
  readonly signsCsr: boolean;
  /** Whether it makes the key itself and hands it to nobody here, so that an order has neither a CSR nor a key of ours. */
  readonly keepsKey: boolean;
  /** Whether it says what uses a certificate that it keeps: it then renews that by itself for as long as something does, and deletes none that is in use. */
  readonly tellsUse: boolean;
  /** The keys that its certificates can have, of those that a contract asks for. */
  readonly keys: readonly ContractKey[];
  /** Whether it lets whoever orders choose how long a certificate is valid. */
  readonly choosesLifetime: boolean;
  /** What of that which its certificates hold beside names and key whoever orders says (leaf-content.ts). */
  readonly content: readonly ContentField[];
  /** Whether its CAs are made here, when a zone is read, below a root of ours: there is nothing to connect. */
  readonly madeHere: boolean;
  /** Whether its team brings each certificate with its key: nobody is asked, and there is nothing to connect. */
  readonly brought: boolean;
  /** Whether those alone trust it who were given its root: what browsers ask of public CAs is nothing to them. */
  readonly trustedByRoot: boolean;
};

const anywhere: readonly Termination[] = ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls'];
const publicly = {
  keepsKey: false,
  tellsUse: false,
  keys: contractKeys,
  choosesLifetime: false,
  content: [],
  madeHere: false,
  brought: false,
  trustedByRoot: false,
};

/**
 * ACM keeps the key to itself, so only what AWS runs can serve it; Key Vault hands it to whatever its vault lets read it, and not to Hostmaster.
 * Whose root is above what was imported nobody knows.
 */
export const sourceTraits: Readonly<Record<TlsSource, SourceTraits>> = {
  'internal-ca': {
    at: anywhere,
    why: '',
    signsCsr: true,
    keepsKey: false,
    tellsUse: false,
    keys: contractKeys,
    choosesLifetime: true,
    content: ['usages', 'addresses', 'spiffeId', 'mustStaple'],
    madeHere: true,
    brought: false,
    trustedByRoot: true,
  },
  acme: {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'a public CA does not issue for client authentication',
    signsCsr: true,
    ...publicly,
  },
  vault: {
    at: anywhere,
    why: '',
    signsCsr: true,
    keepsKey: false,
    tellsUse: false,
    keys: contractKeys,
    choosesLifetime: true,
    // Its PKI engine has no parameter for the TLS feature (RFC 7633).
    content: ['usages', 'addresses', 'spiffeId'],
    madeHere: false,
    brought: false,
    trustedByRoot: true,
  },
  acm: {
    at: ['edge', 'load-balancer', 're-encrypt'],
    why: 'ACM keeps the private key, so only an AWS edge or load balancer can serve it',
    signsCsr: false,
    ...publicly,
    keepsKey: true,
    tellsUse: true,
    keys: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'],
  },
  'key-vault': {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'Key Vault does not issue for client authentication',
    signsCsr: false,
    ...publicly,
    keepsKey: true,
  },
  imported: { at: anywhere, why: '', signsCsr: false, ...publicly, brought: true },
};

const sourcesWith = (trait: 'signsCsr' | 'choosesLifetime' | 'madeHere' | 'brought' | 'trustedByRoot'): readonly TlsSource[] =>
  tlsSource.options.filter((source) => sourceTraits[source][trait]);

export const csrSources = sourcesWith('signsCsr');
export const lifetimeSources = sourcesWith('choosesLifetime');
/** Those of which whoever orders says all of that. */
export const contentSources = (fields: readonly ContentField[]): readonly TlsSource[] =>
  tlsSource.options.filter((source) => fields.every((field) => sourceTraits[source].content.includes(field)));
export const sourcesMadeHere = sourcesWith('madeHere');
export const sourcesBrought = sourcesWith('brought');
export const sourcesTrustedByRoot = sourcesWith('trustedByRoot');

/** Above what is made here; it signs no leaves, so that no contract names it. */
export const rootKind = 'internal-root';
/** Whether the key of an issuer of this kind signs certificates; elsewhere the CA keeps that, and the key is an account's. */
export const signsHere = (kind: string): boolean => kind === rootKind || sourcesMadeHere.some((source) => source === kind);
/** Whether an issuer of this kind says what uses what it keeps. */
export const tellsUse = (kind: string): boolean => tlsSource.options.some((source) => source === kind && sourceTraits[source].tellsUse);
/** Whether certificates of an issuer of this kind are brought: it is whoever issued them, and nobody here can ask it for anything. */
export const isBrought = (kind: string): boolean => sourcesBrought.some((source) => source === kind);
/** Whether the certificates of such a contract are brought by its team. */
export const takesBrought = ({ tls }: { readonly tls: Pick<EndpointContract['tls'], 'termination' | 'source'> }): boolean =>
  tls.termination !== 'none' && sourceTraits[tls.source].brought;
