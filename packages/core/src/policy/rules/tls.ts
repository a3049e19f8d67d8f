// Rules on whether the certificate asked for can be had and can be served where TLS ends.
import { type EndpointContract, tlsSource } from '../../contract/endpoint.ts';
import { deny, noFindings, requestRule } from '../rule.ts';

type Termination = EndpointContract['tls']['termination'];
type Source = EndpointContract['tls']['source'];

const anywhere: readonly Termination[] = ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls'];

type Side = {
  /** Where it can put its certificate, and why nowhere else. */
  readonly at: readonly Termination[];
  readonly why: string;
  /** Whether it signs for a key which the requester holds. */
  readonly signsCsr: boolean;
};

/** What each source can do. ACM keeps the key to itself, so only what AWS runs can serve it; Key Vault hands it out. */
const sources: Readonly<Record<Source, Side>> = {
  'internal-ca': { at: anywhere, why: '', signsCsr: true },
  acme: {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'a public CA does not issue for client authentication',
    signsCsr: true,
  },
  vault: { at: anywhere, why: '', signsCsr: true },
  acm: {
    at: ['edge', 'load-balancer', 're-encrypt'],
    why: 'ACM keeps the private key, so only an AWS edge or load balancer can serve it',
    signsCsr: false,
  },
  'key-vault': {
    at: ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt'],
    why: 'Key Vault does not issue for client authentication',
    signsCsr: false,
  },
  imported: { at: anywhere, why: '', signsCsr: false },
};

export const sourceServes = requestRule({
  name: 'tls-source-serves-termination',
  describe: 'The source of the certificate can serve the point where TLS ends.',
  needs: [],
  judge: ({ contract: { tls } }) => {
    const { at, why } = sources[tls.source];
    return tls.termination === 'none' || at.includes(tls.termination)
      ? noFindings
      : deny(
          `A certificate from ${tls.source} cannot be served at ${tls.termination}: ${why}.`,
          `Choose another source, or end TLS at ${at.join(', ')}.`,
          {
            path: 'tls.source',
          },
        );
  },
});

export const issuerConnected = requestRule({
  name: 'tls-issuer-connected',
  describe: 'An issuer is connected for the source of the certificate.',
  needs: ['connectedSources'],
  judge: ({ contract: { tls } }, { connectedSources }) =>
    tls.termination === 'none' || connectedSources.includes(tls.source)
      ? noFindings
      : deny(
          `No issuer is connected for ${tls.source}.`,
          connectedSources.length === 0
            ? 'The first one is made when a zone is read: ask a platform admin to look at the zone.'
            : `Choose ${connectedSources.join(' or ')}.`,
          { path: 'tls.source' },
        ),
});

export const noCertificate = requestRule({
  name: 'tls-none-without-certificate',
  describe: 'Without TLS there is no certificate to ask for.',
  needs: [],
  judge: ({ contract: { tls } }) =>
    tls.termination === 'none' && (tls.extraNames.length > 0 || tls.csr !== undefined)
      ? deny(
          'There is no TLS termination, and yet a certificate is asked for.',
          'Name where TLS ends, or leave the extra names and the CSR out.',
          {
            path: 'tls.termination',
          },
        )
      : noFindings,
});

const signing = tlsSource.options.filter((source) => sources[source].signsCsr);

export const csrSource = requestRule({
  name: 'tls-csr-source',
  describe: 'A CSR is sent only to a source that signs for keys of others.',
  needs: [],
  judge: ({ contract: { tls } }) =>
    tls.csr === undefined || sources[tls.source].signsCsr
      ? noFindings
      : deny(`${tls.source} does not sign a CSR.`, `Leave the CSR out, or choose ${signing.join(', ')}.`, { path: 'tls.csr' }),
});

export const challengeWorks = requestRule({
  name: 'tls-challenge',
  describe: 'An ACME certificate names a challenge that can work: private views need dns-01, and tls-alpn-01 an own TLS server.',
  needs: [],
  judge: ({ contract: { tls, view } }) => {
    if (tls.source !== 'acme' || tls.termination === 'none' || tls.challenge === 'dns-01') return noFindings;
    const path = 'tls.challenge';
    if (tls.challenge === 'none')
      return deny('ACME needs a challenge, and none is named.', 'Name dns-01; it works for every name.', { path });
    const unreachable =
      view === 'public'
        ? noFindings
        : deny(`${tls.challenge} needs the CA to reach the name, which is ${view}.`, 'Choose dns-01.', { path });
    const unanswered =
      tls.challenge === 'tls-alpn-01' && (tls.termination === 'edge' || tls.termination === 'load-balancer')
        ? deny(`tls-alpn-01 is answered where TLS ends, and the ${tls.termination} does not (RFC 8737 §3).`, 'Choose dns-01 or http-01.', {
            path,
          })
        : noFindings;
    return [...unreachable, ...unanswered];
  },
});
