// A private key with its certificates, in whatever container somebody has them: PEM, PKCS #12 or JKS, told apart by how they begin.
import { createPrivateKey } from 'node:crypto';
import { HostmasterError, type Violation } from '../errors.ts';
import { maxKeyStoreLength } from './brought-certificate.ts';
import { tag } from './der.ts';
import { children, expectTag, readDer } from './der-reader.ts';
import { isJks, readJks } from './jks.ts';
import { type KeyStoreContent, WrongPassphrase } from './key-store-content.ts';
import { decryptWithPassword, Effort } from './password-encryption.ts';
import { readPkcs12 } from './read-pkcs12.ts';

/** As `keytool` wrote JCEKS, which is Java's alone. */
const jceks = 0xcece_cece;

function refusal(rule: string, reason: string, remedy: string): HostmasterError {
  const violations: readonly Violation[] = [{ rule, path: 'file', reason, remedy }];
  return new HostmasterError('invalid-input', `${reason} ${remedy}`, { violations });
}

const toPem =
  'Bring PEM (the key and the chain), PKCS #12 (`.p12`, `.pfx`) or JKS: `openssl pkcs12 -export -in chain.pem -inkey key.pem -out key.p12` makes one.';

/** What is encrypted with the password of PEM (RFC 5958 §3). */
async function openPkcs8(der: Uint8Array, passphrase: string, effort: Effort): Promise<Uint8Array> {
  const [algorithm, hidden] = children(expectTag(readDer(der), tag.sequence, 'the encrypted key'), 2);
  return decryptWithPassword(algorithm, expectTag(hidden, tag.octetString, 'the encrypted key').content, passphrase, effort);
}

const blocks = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

async function readPem(text: string, passphrase: string): Promise<KeyStoreContent> {
  const keys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  const effort = new Effort();
  if (/Proc-Type: 4,ENCRYPTED/.test(text))
    throw refusal(
      'import-readable',
      'The key is encrypted as OpenSSL did before PKCS #8.',
      'Write it as PKCS #8: `openssl pkcs8 -topk8 -in key.pem`.',
    );
  for (const [whole, label = '', body = ''] of text.matchAll(blocks)) {
    const der = Uint8Array.from(Buffer.from(body, 'base64'));
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') certificates.push(der);
    else if (label === 'ENCRYPTED PRIVATE KEY') keys.push(await openPkcs8(der, passphrase, effort));
    else if (label.endsWith('PRIVATE KEY')) keys.push(pkcs8Of(whole));
  }
  return { keys, certificates };
}

/** From PKCS #1 and SEC 1, too. */
function pkcs8Of(key: Parameters<typeof createPrivateKey>[0]): Uint8Array {
  try {
    return createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'A private key cannot be read.', { cause });
  }
}

async function readAny(file: Uint8Array, passphrase: string): Promise<KeyStoreContent> {
  if (isJks(file)) return readJks(file, passphrase);
  if (file.length > 4 && Buffer.from(file).readUInt32BE() === jceks)
    throw refusal(
      'import-readable',
      'This is a JCEKS, which Java alone reads.',
      'Make a PKCS #12 of it: `keytool -importkeystore -srckeystore old.jceks -srcstoretype JCEKS -destkeystore new.p12 -deststoretype PKCS12`.',
    );
  const text = Buffer.from(file).toString('latin1');
  if (text.includes('-----BEGIN ')) return readPem(text, passphrase);
  if (file[0] !== tag.sequence) throw refusal('import-readable', 'This is neither PEM nor PKCS #12 nor JKS.', toPem);
  return readPkcs12(file, passphrase, new Effort());
}

/** What reading it threw, as a refusal: whoever made the file chose what fails, in OpenSSL, too. */
function unreadable(error: unknown): HostmasterError {
  if (!(error instanceof HostmasterError)) return refusal('import-readable', 'It cannot be read to its end.', toPem);
  return error.violations.length > 0 ? error : refusal('import-readable', error.message, toPem);
}

/** Each once. */
const distinct = (all: readonly Uint8Array[]): readonly Uint8Array[] => [
  ...new Map(all.map((each) => [Buffer.from(each).toString('base64'), each])).values(),
];

/**
 * What is in the file: keys in the one form of PKCS #8 that Node writes, certificates as they are, each once.
 * Errors: invalid-input, with a violation that says what is wrong and what to do; no word of a key or passphrase is in it.
 */
export async function readKeyStore(file: Uint8Array, passphrase: string): Promise<KeyStoreContent> {
  if (file.length > maxKeyStoreLength)
    throw refusal(
      'import-readable',
      `The file has more than ${maxKeyStoreLength} octets.`,
      'Leave out what is neither the key nor its chain.',
    );
  try {
    const { keys, certificates } = await readAny(file, passphrase);
    const pkcs8 = keys.map((key) => pkcs8Of({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }));
    return { keys: distinct(pkcs8), certificates: distinct(certificates) };
  } catch (error) {
    if (error instanceof WrongPassphrase)
      throw refusal(
        'import-passphrase',
        passphrase === '' ? 'It needs a passphrase, and none was given.' : 'The passphrase does not open it, or the file is damaged.',
        'Give the passphrase that it was made with.',
      );
    throw unreadable(error);
  }
}
