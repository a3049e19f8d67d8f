// The choices of the form, in words. Each list holds every value of the contract: a new one there does not compile here
// until it has its word.
import { type ProofMethod, proofMethods } from '@hostmaster/core/acme/proofs';
import { keyAlgorithm, tlsSource, tlsTermination, ttlClass } from '@hostmaster/core/contract/endpoint';
import { ttlSeconds } from '@hostmaster/core/dns/ttl';
import type { z } from 'zod';
import { optionsOf } from '@/lib/options';

export const terminationWords = {
  edge: 'Edge',
  'load-balancer': 'Load balancer',
  ingress: 'Ingress',
  passthrough: 'Passthrough to the service',
  're-encrypt': 'Edge, encrypted again behind it',
  mtls: 'Mutual TLS',
  none: 'No TLS',
} satisfies Record<z.output<typeof tlsTermination>, string>;
export const terminationOptions = optionsOf(tlsTermination.options, terminationWords);

export const sourceWords = {
  'internal-ca': 'Internal CA',
  acme: 'ACME',
  vault: 'Vault',
  acm: 'AWS ACM',
  'key-vault': 'Azure Key Vault',
  imported: 'Imported',
} satisfies Record<z.output<typeof tlsSource>, string>;
export const sourceOptions = optionsOf(tlsSource.options, sourceWords);

/** What answers a CA that asks whose a name is. */
const challengeWords = {
  'dns-01': 'A record in DNS (dns-01)',
  'http-01': 'Where the name leads (http-01)',
  'tls-alpn-01': 'Where TLS ends, at the edge (tls-alpn-01)',
} satisfies Record<ProofMethod, string>;
export const challengeOptions = optionsOf(proofMethods, challengeWords);

export const keyWords = {
  'ecdsa-p256': 'ECDSA P-256',
  'ecdsa-p384': 'ECDSA P-384',
  'rsa-2048': 'RSA 2048',
  'rsa-3072': 'RSA 3072',
} satisfies Record<z.output<typeof keyAlgorithm>, string>;
export const keyOptions = optionsOf(keyAlgorithm.options, keyWords);

/** What the key of a certificate proves; both is what mutual TLS between services takes. */
export const usageOptions = optionsOf(['server', 'both', 'client'], {
  server: 'A server',
  both: 'A server and a client',
  client: 'A client alone',
});

/** A class of the contract by what it is for and how long it is, or seconds of one's own. */
export const ttlOptions = optionsOf([...ttlClass.options, 'seconds'], {
  cutover: `Cutover, ${ttlSeconds.cutover} s`,
  service: `Service, ${ttlSeconds.service} s`,
  stable: `Stable, ${ttlSeconds.stable / 3600} h`,
  seconds: 'Other',
});
