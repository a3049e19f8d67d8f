// Judges the certificate of an OCSP signer before its CA signs it, as lint.ts does a leaf: it may sign responses and nothing else, for
// a short time. Sources: RFC 6960 §4.2.2.2, Baseline Requirements §7.1.2.8.
import { day } from '../duration.ts';
import { derNull } from './der.ts';
import { children, readNamedBits, readOid } from './der-reader.ts';
import { commonRules, findings, type Lint, type LintFinding, type LintIssuer, same, unless } from './lint.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

/** Nobody can revoke it, so that it is renewed instead. */
export const ocspSignerDays = 30;

const allowed: ReadonlySet<string> = new Set([
  id.keyUsage,
  id.extendedKeyUsage,
  id.ocspNoCheck,
  id.subjectKeyIdentifier,
  id.authorityKeyIdentifier,
]);

const rules: Readonly<Record<string, Lint<LintIssuer>>> = {
  'short-lived': ({ notBefore, notAfter }) =>
    unless(notAfter.getTime() - notBefore.getTime() < ocspSignerDays * day, `It lives longer than ${ocspSignerDays} days.`),
  'key-usage': ({ extensions }) => {
    const extension = extensions.get(id.keyUsage);
    const ok = extension?.critical === true && readNamedBits(extension.value).join() === '0';
    return unless(ok, 'The key usage is not critical with digitalSignature alone.');
  },
  'extended-key-usage': ({ extensions }) => {
    const extension = extensions.get(id.extendedKeyUsage);
    const ok = extension !== undefined && children(extension.value).map(readOid).join() === id.ocspSigning;
    return unless(ok, 'The extended key usage is not OCSPSigning alone.');
  },
  'ocsp-nocheck': ({ extensions }) =>
    unless(same(extensions.get(id.ocspNoCheck)?.value.raw, derNull), 'It does not say that nobody need ask whether it is revoked.'),
  'known-extensions': ({ extensions }) =>
    unless(
      [...extensions.keys()].every((name) => allowed.has(name)),
      'There is an extension that an OCSP signer has no use for.',
    ),
};

/** Every broken rule of the to-be-signed bytes of an OCSP signer's certificate; empty when its CA may sign it. */
export const lintOcspSigner = (tbs: Uint8Array, issuer: LintIssuer): readonly LintFinding[] => findings(tbs, issuer, commonRules, rules);
