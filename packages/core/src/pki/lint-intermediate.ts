// Judges a CA below the root before it is signed, as lint.ts does a leaf: what it may do is bounded, and whoever verifies can
// fetch what it needs. Sources: RFC 5280 §4.2.1.9, §4.2.1.10, Baseline Requirements §7.1.2.6.
import { type Certificate, ownKeyIdentifier } from './certificate.ts';
import { children, readDer, readNamedBits, readOid } from './der-reader.ts';
import { readBasicConstraints, readNameConstraints } from './extensions.ts';

import {
  commonRules,
  findings,
  isPlainHttp,
  type Lint,
  type LintFinding,
  type LintIssuer,
  revocableRules,
  rulesOfAnyIssuer,
  same,
  unless,
  uris,
} from './lint.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { isSafeSignature } from './signature-hash.ts';

const rules: Readonly<Record<string, Lint<Pick<LintIssuer, 'issuer'>>>> = {
  'basic-constraints': ({ extensions }) => {
    const basic = extensions.get(id.basicConstraints);
    const { ca, pathLength } = basic === undefined ? { ca: false, pathLength: null } : readBasicConstraints(basic.value);
    return unless(basic?.critical === true && ca && pathLength === 0, 'It is not a CA, critically so, that signs leaves alone.');
  },
  'key-usage': ({ extensions }) => {
    const extension = extensions.get(id.keyUsage);
    const bits = extension === undefined ? [] : readNamedBits(extension.value);
    return unless(extension?.critical === true && bits.includes(5) && bits.includes(6), 'It may not sign certificates and lists.');
  },
  'extended-key-usage': ({ extensions }) => {
    const extension = extensions.get(id.extendedKeyUsage);
    const purposes = extension === undefined ? [] : children(extension.value).map(readOid);
    const others = purposes.filter((one) => one !== id.serverAuth && one !== id.clientAuth);
    return unless(
      purposes.includes(id.serverAuth) && others.length === 0,
      'The extended key usage is not serverAuth, or that and clientAuth.',
    );
  },
  'name-constraints': ({ extensions }) => {
    const extension = extensions.get(id.nameConstraints);
    const permitted = extension === undefined ? [] : readNameConstraints(extension.value).permittedDns;
    return unless(extension?.critical === true && permitted.length > 0, 'It may sign for any name.');
  },
};

/** Every broken rule of an intermediate's to-be-signed bytes; empty when the root may sign it. */
export const lintIntermediate = (tbs: Uint8Array, issuer: LintIssuer): readonly LintFinding[] =>
  findings(tbs, issuer, commonRules, revocableRules, rules);

/** In what CAs differ that others keep: how they name keys and sign, and what else they publish, is theirs to choose. */
const ofOthers: Readonly<Record<string, Lint<{ readonly issuer: Certificate }>>> = {
  'signature-algorithm': ({ signatureAlgorithm }) =>
    unless(
      isSafeSignature(readOid(children(readDer(signatureAlgorithm))[0])),
      'It is not signed with SHA-256, SHA-384 or SHA-512 by ECDSA or RSA (PKCS #1).',
    ),
  'key-identifiers': ({ extensions }, { issuer }) => {
    const authority = extensions.get(id.authorityKeyIdentifier);
    const named = authority === undefined ? undefined : children(authority.value).find((part) => part.tag === 0x80);
    return unless(
      extensions.has(id.subjectKeyIdentifier) && same(named?.content, ownKeyIdentifier(issuer)),
      'It lacks its key identifier, or that of the root is missing or another one.',
    );
  },
  'revocation-urls': ({ extensions }) =>
    unless(
      uris(extensions.get(id.crlDistributionPoints)?.value).some(isPlainHttp),
      'It names no list of revoked certificates at an http address.',
    ),
};

/** The same of a certificate that a root elsewhere has signed. */
export const lintSignedElsewhere = (tbs: Uint8Array, issuer: Certificate): readonly LintFinding[] =>
  findings(tbs, { issuer }, rulesOfAnyIssuer, ofOthers, rules);
