// A certificate that its team had from elsewhere, with its key: which of the certificates it is, the chain above it, and everything that
// keeps it from being served. Nobody signed it here, so nothing of it is believed.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { HostmasterError, type Violation } from '../errors.ts';
import type { Hostname } from '../hostname/hostname.ts';
import { dayOf } from '../said-time.ts';
import { type Certificate, nodeCertificate, readCertificate } from './certificate.ts';
import { chainFault } from './chain.ts';
import { children, readDer, readOid, readText } from './der-reader.ts';
import { describeCertificate } from './describe-certificate.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { readBasicConstraints, readSubjectAltName } from './extensions.ts';
import type { IssuedFacts } from './issued.ts';
import { checkPublicKey, type PublicKey } from './key-policy.ts';
import type { KeyStoreContent } from './key-store-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { pathFrom } from './path-from.ts';
import { type KeyName, keyName } from './profile.ts';
import { urgencies, urgencyOf } from './renewal.ts';
import { isSafeSignature } from './signature-hash.ts';

/** What was asked for, and what is known here. */
export type WantedCertificate = {
  /** Each must be covered. */
  readonly names: readonly Hostname[];
  /** Which key it is to have; null where any will do. */
  readonly key: KeyName | null;
  readonly now: Date;
  /** Certificates of CAs that are known here, DER: what was left out of a chain is found among them. */
  readonly authorities: readonly Uint8Array[];
  /** Roots that are trusted without being brought along, DER. */
  readonly roots: readonly Uint8Array[];
};

export type ImportedCertificate = {
  /** DER, leaf first, the root left out (RFC 8446 §4.4.2). */
  readonly chain: readonly Uint8Array[];
  /** DER. */
  readonly root: Uint8Array;
  /** DER of who signed the leaf. */
  readonly signer: Uint8Array;
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  readonly publicKey: PublicKey;
  readonly facts: IssuedFacts;
  /** What it speaks for beyond the names that were wanted, in lower case, each once; whose they are is not judged here. */
  readonly otherNames: readonly string[];
};

export type Judgement = { readonly imported: ImportedCertificate } | { readonly violations: readonly Violation[] };

/** Below this urgency it is served; what begins at it would be asked to be replaced the day it came. */
const servedBelow = 'urgent';

const broken = (rule: string, reason: string, remedy: string): Violation[] => [{ rule, path: 'file', reason, remedy }];

const readable = (der: Uint8Array): Certificate[] => {
  try {
    return [readCertificate(der)];
  } catch (error) {
    if (error instanceof HostmasterError) return [];
    throw error;
  }
};

const isSelfSigned = ({ subject, issuer }: Certificate): boolean => Buffer.compare(subject, issuer) === 0;

/** A wildcard stands for one label (RFC 9525 §6.3). */
const covers = (own: string, name: string): boolean =>
  own === name || (own.startsWith('*.') && !name.startsWith('*.') && name.slice(name.indexOf('.') + 1) === own.slice(2));

/** In lower case. */
function alternativeNames({ extensions }: Certificate): readonly string[] {
  const stored = extensions.get(id.subjectAltName);
  return stored === undefined ? [] : readSubjectAltName(stored.value).dns.map((name) => name.toLowerCase());
}

/** Common names that a server would choose it by: HAProxy does, beside the alternative names, and reads them up to a NUL. */
const commonNames = ({ subject }: Certificate): readonly string[] =>
  readDistinguishedName(readDer(subject)).flatMap(({ identifier, value }) => {
    if (identifier !== id.commonName || value === undefined) return [];
    const name = (readText(value) ?? '').replace(/\0.*$/s, '').toLowerCase();
    return /^[a-z0-9*_-]*\.[a-z0-9*._-]*$/.test(name) ? [name] : [];
  });

function namesFault(leaf: Certificate, wanted: readonly string[]): Violation[] {
  const own = alternativeNames(leaf);
  const missing = wanted.filter((name) => !own.some((each) => covers(each, name)));
  if (missing.length === 0) return [];
  const shown = own.length === 0 ? 'no name' : own.slice(0, 10).join(', ') + (own.length > 10 ? ' and others' : '');
  return broken(
    'import-names',
    `It is for ${shown}, and not for ${missing.join(', ')}.`,
    'Bring one that has every name of the contract among its alternative names, or change the contract to the names that it has.',
  );
}

function validityFault(leaf: Certificate, now: Date): Violation[] {
  const remedy = 'Bring the one that was issued after it, or have one issued.';
  if (now < leaf.notBefore) return broken('import-validity', `It is not valid before ${dayOf(leaf.notBefore)}.`, 'Bring it then.');
  if (now > leaf.notAfter) return broken('import-validity', `It expired on ${dayOf(leaf.notAfter)}.`, remedy);
  return urgencies.indexOf(urgencyOf(leaf, now)) < urgencies.indexOf(servedBelow)
    ? []
    : broken('import-validity', `It ends on ${dayOf(leaf.notAfter)}, which is too soon to begin with it.`, remedy);
}

function useFault({ extensions }: Certificate): Violation[] {
  const basic = extensions.get(id.basicConstraints);
  const purposes = extensions.get(id.extendedKeyUsage);
  const isCa = basic !== undefined && readBasicConstraints(basic.value).ca;
  const serves = purposes !== undefined && children(purposes.value).map(readOid).includes(id.serverAuth);
  return [
    ...(isCa ? broken('import-leaf', 'It is the certificate of a CA.', 'Bring a certificate that a CA issued for a server.') : []),
    ...(serves
      ? []
      : broken(
          'import-purpose',
          'It is not for servers: its extended key usage does not say serverAuth.',
          'Have one issued from a template for web servers.',
        )),
  ];
}

const signatureOf = ({ signatureAlgorithm }: Certificate): string => readOid(children(readDer(signatureAlgorithm))[0]);

function signaturesFault(path: readonly Certificate[]): Violation[] {
  const weak = path.find((each) => !isSafeSignature(signatureOf(each)));
  if (weak === undefined) return [];
  const which = weak === path[0] ? 'It' : 'A certificate above it';
  return broken(
    'import-signature',
    `${which} is signed with ${signatureOf(weak)}, which is none of ECDSA and RSA (PKCS #1) with SHA-2.`,
    'Have it issued with SHA-256.',
  );
}

function keyFault(
  spki: Uint8Array,
  wanted: KeyName | null,
): { readonly publicKey: PublicKey | null; readonly violations: readonly Violation[] } {
  try {
    const publicKey = checkPublicKey(spki);
    const own = keyName(publicKey);
    if (wanted === null || own === wanted) return { publicKey, violations: [] };
    const remedy = 'Bring a certificate with such a key, or change the contract to name none.';
    return { publicKey, violations: broken('import-other-key', `Its key is ${own}, and the contract asks for ${wanted}.`, remedy) };
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    const told = error.violations.map(({ reason, remedy }) => ({ rule: 'key-policy', path: 'file', reason, remedy }));
    const remedy = 'Generate an ECDSA P-256 key, and have a certificate issued for it.';
    return { publicKey: null, violations: told.length > 0 ? told : broken('key-policy', error.message, remedy) };
  }
}

type Path = { readonly path: readonly Certificate[]; readonly root: Certificate };

/** The chain, and the root above it: one that is trusted already before one that was brought. */
function pathOf(
  leaf: Certificate,
  brought: readonly Certificate[],
  { authorities, roots }: WantedCertificate,
): Path | readonly Violation[] {
  const known = [...authorities, ...roots].flatMap(readable);
  const remedy =
    'Bring its whole chain along, the certificate of the root included: its CA hands it out. A certificate that signed itself is never served.';
  let path: readonly Certificate[];
  try {
    path = pathFrom(
      leaf.der,
      [...brought, ...known].map(({ der }) => der),
    ).map(readCertificate);
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    return broken('import-chain', 'The certificate of who signed it is neither in the file nor known here.', remedy);
  }
  const last = path.at(-1) ?? leaf;
  const trusted = roots.flatMap(readable);
  const root = [...trusted, ...brought].find((each) => isSelfSigned(each) && signed(each, last));
  return root === undefined
    ? broken('import-chain', 'Its chain ends below a root that is neither in the file nor known here.', remedy)
    : { path, root };
}

function signed(above: Certificate, below: Certificate): boolean {
  if (Buffer.compare(above.subject, below.issuer) !== 0) return false;
  const [issuer, subject] = [nodeCertificate(above.der), nodeCertificate(below.der)];
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/** The private key and its certificate: the newest, where the key has several. */
function pairOf({ keys, certificates }: KeyStoreContent): { readonly key: Uint8Array; readonly leaf: Certificate } | readonly Violation[] {
  const [key, ...others] = keys;
  if (key === undefined) return broken('import-one-key', 'There is no private key in it.', 'Bring the key together with its certificate.');
  if (others.length > 0)
    return broken('import-one-key', `There are ${keys.length} private keys in it.`, 'Bring the key of the certificate, and no other.');
  const spki = createPublicKey(createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  const [leaf] = certificates
    .flatMap(readable)
    .filter((each) => Buffer.compare(each.spki, spki) === 0)
    .sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime());
  if (leaf !== undefined) return { key, leaf };
  return broken(
    'import-key-matches',
    certificates.length === 0 ? 'There is no certificate in it.' : 'None of its certificates is for its private key.',
    'Bring the certificate that was issued for this key.',
  );
}

/** Says which certificate was brought and what chain it has; or everything that is wrong with it. Never throws for what was brought. */
export function judgeImported(content: KeyStoreContent, wanted: WantedCertificate): Judgement {
  try {
    return judge(content, wanted);
  } catch (error) {
    const reason = error instanceof HostmasterError ? error.message : 'It cannot be read to its end.';
    return { violations: broken('import-readable', reason, 'Have one issued that is made as RFC 5280 says.') };
  }
}

function judge(content: KeyStoreContent, wanted: WantedCertificate): Judgement {
  const pair = pairOf(content);
  if (!('leaf' in pair)) return { violations: pair };
  const { key, leaf } = pair;
  const { publicKey, violations: ofKey } = keyFault(leaf.spki, wanted.key);
  const found = pathOf(leaf, content.certificates.flatMap(readable), wanted);
  const violations = [
    ...ofKey,
    ...namesFault(leaf, wanted.names),
    ...validityFault(leaf, wanted.now),
    ...useFault(leaf),
    ...signaturesFault('path' in found ? found.path : [leaf]),
    ...('path' in found ? [] : found),
  ];
  if (violations.length > 0 || publicKey === null || !('path' in found)) return { violations };
  const chain = found.path.map(({ der }) => der);
  const fault = chainFault(chain, [found.root.der], null, wanted.now);
  if (fault !== null)
    return {
      violations: broken('import-chain', `Its chain is not to be believed: ${fault}.`, 'Bring the chain that its CA hands out now.'),
    };
  const { serial, fingerprint } = describeCertificate(leaf.der);
  const { notBefore, notAfter } = leaf;
  const isWanted = (name: string): boolean => wanted.names.some((each) => each === name);
  return {
    imported: {
      chain,
      root: found.root.der,
      signer: chain[1] ?? found.root.der,
      privateKey: key,
      publicKey,
      facts: { serial, names: wanted.names, notBefore, notAfter, fingerprint, keyAlgorithm: keyName(publicKey) },
      otherNames: [...new Set([...alternativeNames(leaf), ...commonNames(leaf)])].filter((name) => !isWanted(name)),
    },
  };
}
