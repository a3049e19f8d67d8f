// Rules on what a certificate holds beside its hostnames and its key.
import { rangeText } from '../../address/address.ts';
import { isCertificateOnly } from '../../contract/endpoint.ts';
import { type Hostname, isWithin } from '../../hostname/hostname.ts';
import { isStoredHostname } from '../../hostname/parse-hostname.ts';
import { contentOf, mayBeNamed, namedRanges, sameContent, serverContent } from '../../pki/leaf-content.ts';
import { type ContentField, contentSources, sourceTraits } from '../../pki/source-traits.ts';
import { parseSpiffeId } from '../../pki/spiffe-id.ts';
import type { Grant } from '../ground.ts';
import { deny, hostnameRule, nameAndExposure, noFindings, requestRule, review } from '../rule.ts';

const contentFields: readonly ContentField[] = ['usages', 'addresses', 'spiffeId', 'mustStaple'];
const listed = (fields: readonly string[]): string =>
  fields.length < 2 ? fields.join('') : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`;

export const contentChosen = requestRule({
  name: 'tls-content',
  describe: 'What a certificate holds beside its names and its key is chosen only where its source lets that be chosen.',
  needs: [],
  judge: ({ contract: { tls } }) => {
    if (tls.termination === 'none') return noFindings;
    const wanted = contentOf(tls);
    const asked = contentFields.filter((field) => !sameContent({ ...serverContent, [field]: wanted[field] }, serverContent));
    const { content } = sourceTraits[tls.source];
    const [first, ...more] = asked.filter((field) => !content.includes(field));
    if (first === undefined) return noFindings;
    return deny(
      content.length === 0
        ? `The source ${tls.source} says itself what its certificates hold beside names and a key.`
        : `The source ${tls.source} cannot have ${listed([first, ...more])} in a certificate.`,
      `Leave ${listed([first, ...more])} out, or choose ${contentSources(asked).join(' or ')}.`,
      { path: `tls.${first}` },
    );
  },
});

export const clientAlone = requestRule({
  name: 'tls-client-alone',
  describe: 'What is served is served with a certificate for servers; one for clients alone leads nowhere.',
  needs: [],
  judge: ({ contract: { target, tls } }) =>
    tls.termination === 'none' || isCertificateOnly({ target }) || contentOf(tls).usages.includes('server')
      ? noFindings
      : deny(
          'The certificate is for clients alone, and the name leads to a server that would present it.',
          'Add server to the usages, or ask for a certificate alone (target.certificateOnly).',
          { path: 'tls.usages' },
        ),
});

export const addressNamed = hostnameRule({
  name: 'tls-address',
  describe:
    'A certificate speaks for private addresses alone, and a platform admin looks at each: names have grants, and nobody here knows whose an address is.',
  concerns: nameAndExposure,
  needs: [],
  judge: ({ contract: { tls } }, { hostname }) => {
    if (tls.termination === 'none') return noFindings;
    return contentOf(tls).addresses.flatMap((address) => {
      const path = 'tls.addresses';
      if (!mayBeNamed(address))
        return deny(
          `${address} is no private address, and certificates speak for no other here.`,
          `Leave it out; an address may lie in ${namedRanges.map(rangeText).join(', ')}.`,
          { path },
        );
      return review(
        'platform-admin',
        `The certificate of ${hostname} would speak for the address ${address}, too.`,
        'A platform admin decides.',
        {
          path,
        },
      );
    });
  },
});

/** Which other teams have the domain, by the grants nearest to it. */
function whose(domain: Hostname, others: readonly Grant[]): string {
  const covering = others.filter(({ suffix }) => isWithin(domain, suffix));
  const nearest = Math.max(...covering.map(({ suffix }) => suffix.length));
  const teams = [...new Set(covering.filter(({ suffix }) => suffix.length === nearest).map(({ team }) => team))].sort();
  return teams.length === 0 ? '' : `, which ${teams.join(' and ')} ${teams.length === 1 ? 'has' : 'have'} a grant for`;
}

export const workloadNamed = hostnameRule({
  name: 'tls-spiffe-id',
  describe:
    'A SPIFFE ID is of the trust domain of a name of the contract; of a domain above it in the zone, which others share, security looks at it.',
  concerns: nameAndExposure,
  needs: ['zones', 'grants'],
  judge: ({ contract: { tls }, names }, { hostname }, { zones: { own }, grants: { others } }) => {
    const parsed = tls.termination === 'none' || tls.spiffeId === undefined ? null : parseSpiffeId(tls.spiffeId);
    if (parsed === null) return noFindings;
    const { trustDomain } = parsed;
    const path = 'tls.spiffeId';
    if (names.some((name) => name.hostname === trustDomain)) return noFindings;
    if (own !== null && isStoredHostname(trustDomain) && isWithin(hostname, trustDomain) && isWithin(trustDomain, own.apex))
      return review(
        'security-reviewer',
        `Whoever has ${tls.spiffeId} is believed wherever the trust domain ${trustDomain} is${whose(trustDomain, others)}.`,
        'Security decides.',
        {
          path,
        },
      );
    return deny(
      `The trust domain ${trustDomain} is neither a name of this contract nor a domain above it in its zone.`,
      `Give an identity below spiffe://${hostname}/${own === null || own.apex === hostname ? '' : `, or below spiffe://${own.apex}/`}.`,
      { path },
    );
  },
});
