// Rules on whether the certificate asked for can be had and can be served where TLS ends.
import { challengeName } from '../../acme/challenge-name.ts';
import { maxHostnameLength } from '../../hostname/hostname.ts';
import { csrSources, sourceTraits } from '../../pki/source-traits.ts';
import { deny, noFindings, requestRule } from '../rule.ts';

export const sourceServes = requestRule({
  name: 'tls-source-serves-termination',
  describe: 'The source of the certificate can serve the point where TLS ends.',
  needs: [],
  judge: ({ contract: { tls } }) => {
    const { at, why } = sourceTraits[tls.source];
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

export const csrSource = requestRule({
  name: 'tls-csr-source',
  describe: 'A CSR is sent only to a source that signs for keys of others.',
  needs: [],
  judge: ({ contract: { tls } }) =>
    tls.csr === undefined || sourceTraits[tls.source].signsCsr
      ? noFindings
      : deny(`The source ${tls.source} does not sign a CSR.`, `Leave the CSR out, or choose ${csrSources.join(', ')}.`, {
          path: 'tls.csr',
        }),
});

export const keyNotCompromised = requestRule({
  name: 'tls-key-compromised',
  describe: 'No certificate is issued for the key of a CSR that somebody said others may know.',
  needs: ['compromisedKey'],
  judge: ({ contract: { tls } }, { compromisedKey }) =>
    tls.csr === undefined || compromisedKey === null
      ? noFindings
      : deny(
          `The key of this CSR is or may be known to others: whoever revokes certificate ${compromisedKey.serial} said so.`,
          'Make a new key, and send a CSR for that.',
          { path: 'tls.csr', evidence: { serial: compromisedKey.serial, since: compromisedKey.since.toISOString() } },
        ),
});

export const challengeWorks = requestRule({
  name: 'tls-challenge',
  describe:
    'An ACME certificate names a challenge that can work, and no other one names any: private views need dns-01, and tls-alpn-01 an own TLS server.',
  needs: [],
  judge: ({ contract: { tls, view } }) => {
    if (tls.termination === 'none') return noFindings;
    const path = 'tls.challenge';
    if (tls.source !== 'acme')
      return tls.challenge === 'none'
        ? noFindings
        : deny(
            `A certificate from ${tls.source} needs no challenge, and ${tls.challenge} is named.`,
            'Name none, or choose acme as the source.',
            {
              path,
            },
          );
    if (tls.challenge === 'dns-01') return noFindings;
    if (tls.challenge === 'none')
      return deny('ACME needs a challenge, and none is named.', 'Name dns-01; it works for every name.', { path });
    const unreachable =
      view === 'public'
        ? noFindings
        : deny(`The challenge ${tls.challenge} needs the CA to reach the name, which is ${view}.`, 'Choose dns-01.', { path });
    const unanswered =
      tls.challenge === 'tls-alpn-01' && (tls.termination === 'edge' || tls.termination === 'load-balancer')
        ? deny(
            `The challenge tls-alpn-01 is answered where TLS ends, and the ${tls.termination} does not (RFC 8737 §3).`,
            'Choose dns-01 or http-01.',
            {
              path,
            },
          )
        : noFindings;
    const faults = [...unreachable, ...unanswered];
    return faults.length > 0
      ? faults
      : deny(`Nothing here answers ${tls.challenge} yet.`, 'Choose dns-01; it works for every name.', { path });
  },
});

export const challengeFits = requestRule({
  name: 'tls-challenge-fits',
  describe: 'The names below which control is shown to an ACME server are no longer than DNS takes.',
  needs: [],
  judge: ({ contract: { hostname, tls } }) => {
    if (tls.source !== 'acme' || tls.termination === 'none' || tls.challenge !== 'dns-01') return noFindings;
    const named = [{ name: hostname, path: 'hostname' }, ...tls.extraNames.map((name, at) => ({ name, path: `tls.extraNames.${at}` }))];
    return named.flatMap(({ name, path }) => {
      const over = challengeName(name).length - maxHostnameLength;
      return over <= 0
        ? noFindings
        : deny(
            `A CA looks for the proof of ${name} below _acme-challenge, and that name is longer than DNS takes (RFC 8555 §8.4).`,
            `Choose a name that is at least ${over} characters shorter, or another source.`,
            { path },
          );
    });
  },
});
