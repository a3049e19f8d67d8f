// Rules on whether the certificate asked for can be had and can be served where TLS ends.
import { challengeName } from '../../acme/challenge-name.ts';
import { edgeTerminations } from '../../acme/proofs.ts';
import { isCertificateOnly } from '../../contract/endpoint.ts';
import { maxHostnameLength } from '../../hostname/hostname.ts';
import { contentOf, isServerContent } from '../../pki/leaf-content.ts';
import { hoursAskedFor, hoursInWords, unreviewedDays } from '../../pki/lifetime.ts';
import { csrSources, lifetimeSources, sourcesMadeHere, sourceTraits, takesBrought } from '../../pki/source-traits.ts';
import type { Asked } from '../asked.ts';
import type { RequestFacts } from '../facts.ts';
import { deny, type Findings, noFindings, requestRule, review } from '../rule.ts';

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
          `No issuer is connected for ${tls.source}, or each one is stopped.`,
          connectedSources.length === 0
            ? 'The first one is made when a zone is read: ask a platform admin to look at the zone.'
            : `Choose ${connectedSources.join(' or ')}.`,
          { path: 'tls.source' },
        ),
});

export const issuerPermits = requestRule({
  name: 'tls-issuer-permits',
  describe: 'Of the issuers that are connected for the source of the certificate, one signs for all of its names.',
  needs: ['connectedSources', 'signingSources'],
  judge: ({ contract: { hostname, tls } }, { connectedSources, signingSources }) => {
    if (tls.termination === 'none' || !connectedSources.includes(tls.source) || signingSources.includes(tls.source)) return noFindings;
    const others = signingSources.length === 0 ? '' : `Choose ${signingSources.join(' or ')}, or have`;
    const what = tls.extraNames.length === 0 ? hostname : `${hostname} and its extra names together`;
    return deny(
      `No issuer that is connected for ${tls.source} signs for ${what}.`,
      `${others || 'Have'} a platform admin let one sign there: each issuer says below which domains it signs.`,
      { path: 'tls.source' },
    );
  },
});

export const noCertificate = requestRule({
  name: 'tls-none-without-certificate',
  describe: 'Without TLS there is no certificate to ask for.',
  needs: [],
  judge: ({ contract: { tls } }) =>
    tls.termination === 'none' &&
    (tls.extraNames.length > 0 || tls.csr !== undefined || hoursAskedFor(tls) !== null || !isServerContent(contentOf(tls)))
      ? deny(
          'There is no TLS termination, and yet a certificate is asked for.',
          'Name where TLS ends, or leave the extra names, the CSR, the lifetime and what else it holds out.',
          {
            path: 'tls.termination',
          },
        )
      : noFindings,
});

export const certificateAlone = requestRule({
  name: 'tls-certificate-alone',
  describe:
    'Where nothing but a certificate is asked for, one is asked for, from a source whose key can be taken to where it is installed.',
  needs: [],
  judge: ({ contract: { target, tls } }) => {
    if (!isCertificateOnly({ target })) return noFindings;
    if (tls.termination === 'none')
      return deny(
        'A certificate alone is asked for, and there is no TLS termination.',
        'Leave the termination out, or say where the name leads.',
        { path: 'tls.termination' },
      );
    return sourceTraits[tls.source].keepsKey
      ? deny(
          `A certificate alone is installed by its team, and a key from ${tls.source} never leaves it.`,
          'Choose another source, or say where the name leads.',
          { path: 'tls.source' },
        )
      : noFindings;
  },
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

export const sourceKey = requestRule({
  name: 'tls-source-key',
  describe: 'The source of the certificate has the key that is asked for.',
  needs: [],
  judge: ({ contract: { tls } }) => {
    const { keys } = sourceTraits[tls.source];
    return tls.termination === 'none' || tls.key === undefined || keys.includes(tls.key)
      ? noFindings
      : deny(`A certificate from ${tls.source} cannot have a ${tls.key} key.`, `Choose ${keys.join(', ')}, or another source.`, {
          path: 'tls.key',
        });
  },
});

export const daysChosen = requestRule({
  name: 'tls-days',
  describe:
    'How long a certificate is valid is chosen, in days or in hours, only where its source lets that be chosen, and for more than 90 days only of a CA of ours.',
  needs: [],
  judge: ({ contract: { tls } }): Findings => {
    const hours = hoursAskedFor(tls);
    if (tls.termination === 'none' || hours === null) return noFindings;
    const path = tls.hours === undefined ? 'tls.days' : 'tls.hours';
    if (tls.days !== undefined && tls.hours !== undefined)
      return deny('Both days and hours say how long the certificate is valid.', 'Give one of them.', { path });
    if (!sourceTraits[tls.source].choosesLifetime)
      return deny(
        `The source ${tls.source} says itself how long a certificate is valid, and the contract asks for ${hoursInWords(hours)}.`,
        `Leave the lifetime out, or choose ${lifetimeSources.join(' or ')}.`,
        { path },
      );
    return isLong(hours) && !sourceTraits[tls.source].madeHere
      ? deny(
          `A certificate from ${tls.source} is valid for ${unreviewedDays} days at most, and ${hoursInWords(hours)} are asked for.`,
          `Ask for fewer days, or choose ${sourcesMadeHere.join(' or ')}.`,
          { path },
        )
      : noFindings;
  },
});

const isLong = (hours: number): boolean => hours > unreviewedDays * 24;

export const longLife = requestRule({
  name: 'tls-long-life',
  describe: 'A certificate that is valid for more than 90 days is looked at by security: whoever gets hold of its key has it for as long.',
  concerns: ['name', 'certificate'],
  needs: [],
  judge: ({ contract: { tls } }) => {
    const hours = hoursAskedFor(tls) ?? 0;
    return tls.termination === 'none' || !isLong(hours)
      ? noFindings
      : review(
          'security-reviewer',
          `The certificate would be valid for ${hoursInWords(hours)}, and ${unreviewedDays} are enough for whatever can renew.`,
          'A security reviewer decides.',
          { path: 'tls.days' },
        );
  },
});

export const importOwner = requestRule({
  name: 'tls-import-owner',
  describe: 'An imported certificate has an owner, who gets the next one: nobody here can.',
  needs: [],
  judge: ({ contract: { tls, owners } }) =>
    !takesBrought({ tls }) || owners.certificate !== undefined
      ? noFindings
      : deny(
          'The certificate is imported, and nobody is named who gets the next one.',
          'Name a team in owners.certificate; before its end your own is asked to import the next one.',
          { path: 'owners.certificate' },
        ),
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
    'An ACME certificate names a challenge that can work, and no other one names any: private views need dns-01, and tls-alpn-01 an edge of Hostmaster.',
  needs: ['cluster', 'tlsProofs'],
  judge: ({ contract }, facts) => {
    const { tls, view } = contract;
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
    if (tls.challenge === 'none')
      return deny('ACME needs a challenge, and none is named.', 'Name dns-01; it works for every name.', { path });
    if (tls.challenge === 'dns-01') return noFindings;
    const unreachable =
      view === 'public'
        ? noFindings
        : deny(`The challenge ${tls.challenge} needs the CA to reach the name, which is ${view}.`, 'Choose dns-01.', { path });
    const unanswered = tls.challenge === 'tls-alpn-01' ? whyNotAtEdge(contract, facts) : [];
    return [...unreachable, ...unanswered.flatMap((reason) => deny(reason, 'Choose dns-01 or http-01.', { path }))];
  },
});

/** What keeps the edge from being where the CA asks, or from answering it (RFC 8737 §3). */
function whyNotAtEdge(
  { target, tls }: Asked['contract'],
  { cluster, tlsProofs }: Pick<RequestFacts, 'cluster' | 'tlsProofs'>,
): readonly string[] {
  const elsewhere = [
    ...(isCertificateOnly({ target })
      ? ['A certificate alone is installed by its team, where nothing of Hostmaster answers tls-alpn-01.']
      : []),
    ...(tls.csr === undefined ? [] : ['Whoever has the key of the CSR ends TLS, where nothing of Hostmaster answers tls-alpn-01.']),
    ...(edgeTerminations.includes(tls.termination)
      ? []
      : [`TLS ends at ${tls.termination}, and tls-alpn-01 is answered at an edge alone: ${edgeTerminations.join(' or ')}.`]),
    ...(cluster === null || cluster.destination === null
      ? []
      : [
          `The certificate is handed to ${cluster.destination} for cluster ${cluster.name}, where nothing of Hostmaster answers tls-alpn-01.`,
        ]),
  ];
  if (elsewhere.length > 0 || tlsProofs) return elsewhere;
  return ['No edge here answers tls-alpn-01: what ends TLS from the directory of the worker does not show proofs (RFC 8737 §3).'];
}

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
