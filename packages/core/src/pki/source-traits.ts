// What is true of each source of certificates, whoever is connected for it: one row for each.
import type { z } from 'zod';
import { type EndpointContract, tlsSource } from '../contract/endpoint.ts';

type Termination = EndpointContract['tls']['termination'];
export type TlsSource = z.output<typeof tlsSource>;

type SourceTraits = {
  /** Where it can put its certificate, and why nowhere else. */
  readonly at: readonly Termination[];
  readonly why: string;
  /** Whether it signs for a key which the requester holds. */
  readonly signsCsr: boolean;
  /** Whether its CAs are made here, when a zone is read, below a root of ours: there is nothing to connect. */
  readonly madeHere: boolean;
  /** Whether those alone trust it who were given its root: what browsers ask of public CAs is nothing to them. */
  readonly trustedByRoot: boolean;
};

const anywhere: readonly Termination[] = ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls'];
const publicly = { madeHere: false, trustedByRoot: false };

/** ACM keeps the key to itself, so only what AWS runs can serve it; Key Vault hands it out. Whose root is above what was imported nobody knows. */
export const sourceTraits: Readonly<Record<TlsSource, SourceTraits>> = {
  'internal-ca': { at: anywhere, why: '', signsCsr: true, madeHere: true, trustedByRoot: true },
  acme: {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'a public CA does not issue for client authentication',
    signsCsr: true,
    ...publicly,
  },
  vault: { at: anywhere, why: '', signsCsr: true, madeHere: false, trustedByRoot: true },
  acm: {
    at: ['edge', 'load-balancer', 're-encrypt'],
    why: 'ACM keeps the private key, so only an AWS edge or load balancer can serve it',
    signsCsr: false,
    ...publicly,
  },
  'key-vault': {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'Key Vault does not issue for client authentication',
    signsCsr: false,
    ...publicly,
  },
  imported: { at: anywhere, why: '', signsCsr: false, ...publicly },
};

const sourcesWith = (trait: 'signsCsr' | 'madeHere' | 'trustedByRoot'): readonly TlsSource[] =>
  tlsSource.options.filter((source) => sourceTraits[source][trait]);

export const csrSources = sourcesWith('signsCsr');
export const sourcesMadeHere = sourcesWith('madeHere');
export const sourcesTrustedByRoot = sourcesWith('trustedByRoot');

/** Above what is made here; it signs no leaves, so that no contract names it. */
export const rootKind = 'internal-root';
/** Whether the key of an issuer of this kind signs certificates; elsewhere the CA keeps that, and the key is an account's. */
export const signsHere = (kind: string): boolean => kind === rootKind || sourcesMadeHere.some((source) => source === kind);
