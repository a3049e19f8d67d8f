// The keys of CAs in a token: made there, found by their CKA_ID, and never out of it. What a row keeps of one is where it is: the label
// of the token, the id, and the public key, which is what signatures are believed by.
import { hash, randomBytes, verify } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { bitString, derNull, integer, oid, sequence } from '@hostmaster/core/pki/der';
import { checkPublicKey } from '@hostmaster/core/pki/key-policy';
import { authorityKeyContext, type SealedSecret, tokenKeyId, tokenOf } from '@hostmaster/core/pki/key-store';
import { objectIdentifiers } from '@hostmaster/core/pki/object-identifiers';
import { type AuthorityKey, type KeyAlgorithm, rsaBits } from '@hostmaster/core/pki/profile';
import { type Signer, signatureHash } from '@hostmaster/core/pki/signer';
import { z } from 'zod';
import { attribute, keyType, mechanism, objectClass } from './constants.ts';
import type { KeyPair, Template } from './cryptoki.ts';
import { createToken, KeyNotThere, type Token, type TokenSession, type TokenSettings } from './token.ts';

export type TokenKeys = {
  readonly label: string;
  /** Makes a key that never leaves the token. Errors: key-unreadable. */
  make(algorithm: AuthorityKey): Promise<{ readonly signer: Signer; readonly key: SealedSecret }>;
  /** A signer for a key in the token; that it is there is seen when it signs. Errors: key-unreadable. */
  signer(key: SealedSecret, context: string): Signer;
  /** Opens the token, to see that it can be. Errors: key-unreadable. */
  open(): Promise<void>;
  close(): Promise<void>;
};

/** Well within the time of one run of an operation, and of what a sweep may take without looking dead for long. */
const callMilliseconds = 15_000;
/** A small device looks for primes for minutes. */
const primesMilliseconds = 300_000;
const idLength = 16;

/** What the row keeps in the place of a ciphertext: nothing of it is secret. */
const reference = z.strictObject({ id: z.string().regex(/^([0-9a-f]{2}){1,64}$/), spki: z.base64() });
type Reference = { readonly id: string; readonly spki: Uint8Array };

const written = ({ id, spki }: Reference): Uint8Array =>
  Buffer.from(JSON.stringify({ id, spki: Buffer.from(spki).toString('base64') }), 'utf8');

/** Errors: key-unreadable where it is damaged, or stands in the row of another CA. */
function readReference({ ciphertext }: SealedSecret, label: string, context: string): Reference {
  const broken = (cause?: unknown): HostmasterError =>
    new HostmasterError('key-unreadable', `What is stored of a key in the token ${label} is not what was stored of it.`, { cause });
  let read: z.output<typeof reference>;
  try {
    read = reference.parse(JSON.parse(Buffer.from(ciphertext).toString('utf8')));
  } catch (cause) {
    throw broken(cause);
  }
  const spki = Buffer.from(read.spki, 'base64');
  let own: string;
  try {
    own = authorityKeyContext(spki);
  } catch (cause) {
    throw broken(cause);
  }
  if (own !== context) throw broken();
  return { id: read.id, spki };
}

/** The keys of this token. Nothing is opened before one is used. */
export function createTokenKeys(settings: TokenSettings, token: Token = createToken(settings)): TokenKeys {
  const { label } = token;
  const signerOf = ({ id, spki }: Reference): Signer => {
    const { algorithm, key } = checkPublicKey(spki);
    return {
      algorithm,
      spki,
      async sign(toBeSigned) {
        const signature = await token.use((session) => signIn(session, id, algorithm, toBeSigned), callMilliseconds);
        if (!verify(signatureHash(algorithm), toBeSigned, key, signature))
          throw new HostmasterError(
            'key-unreadable',
            `The token ${label} has signed with another key than the one that it made under the id ${id}. Restore that key there; it is tried again by itself.`,
          );
        return signature;
      },
    };
  };
  return {
    label,

    async make(algorithm) {
      const id = randomBytes(idLength).toString('hex');
      const spki = await token.use(
        (session) => makeIn(session, id, algorithm),
        rsaBits(algorithm) === null ? callMilliseconds : primesMilliseconds,
      );
      const own = { id, spki };
      return { signer: signerOf(own), key: { keyId: tokenKeyId(label), ciphertext: written(own) } };
    },

    signer(key, context) {
      const where = tokenOf(key.keyId) ?? '';
      if (where !== label)
        throw new HostmasterError(
          'key-unreadable',
          `The key is in the token ${where}, and this worker has the token ${label}. Set HOSTMASTER_PKCS11_TOKEN of the worker to where the key is.`,
        );
      return signerOf(readReference(key, label, context));
    },

    open: () => token.use(async () => undefined, callMilliseconds),
    close: () => token.close(),
  };
}

const shared = (id: string, algorithm: AuthorityKey): Template => [
  [attribute.token, true],
  [attribute.id, Buffer.from(id, 'hex')],
  [attribute.label, Buffer.from(`hostmaster ${id.slice(0, 8)} ${algorithm}`, 'utf8')],
];

/** Makes a key pair and answers its public half, SPKI. What the token does not hold as it is asked to is not taken. */
async function makeIn({ cryptoki, handle }: TokenSession, id: string, algorithm: AuthorityKey): Promise<Uint8Array> {
  const bits = rsaBits(algorithm);
  const kind: Template =
    bits === null
      ? [[attribute.ecParams, oid(curves[algorithm === 'ecdsa-p256' ? 'ecdsa-p256' : 'ecdsa-p384'])]]
      : [
          [attribute.modulusBits, bits],
          [attribute.publicExponent, Buffer.from([1, 0, 1])],
        ];
  const pair = await cryptoki.generateKeyPair(
    handle,
    bits === null ? mechanism.ecKeyPairGen : mechanism.rsaKeyPairGen,
    [...shared(id, algorithm), [attribute.verify, true], ...kind],
    [
      ...shared(id, algorithm),
      [attribute.private, true],
      [attribute.sensitive, true],
      [attribute.extractable, false],
      [attribute.sign, true],
      ...[attribute.signRecover, attribute.decrypt, attribute.unwrap, attribute.derive].map((use) => [use, false] as const),
    ],
  );
  const [sensitive, extractable] = await cryptoki.attributes(handle, pair.privateKey, [attribute.sensitive, attribute.extractable]);
  if (sensitive?.[0] !== 1 || extractable?.[0] !== 0)
    throw new HostmasterError(
      'key-unreadable',
      'The token has made a key that it would hand out, so it is not used. Take the key away, and look at how the token is set up.',
    );
  return publicKeyOf(cryptoki, handle, pair, bits !== null ? 'rsa' : algorithm === 'ecdsa-p256' ? 'ecdsa-p256' : 'ecdsa-p384');
}

const curves = { 'ecdsa-p256': objectIdentifiers.prime256v1, 'ecdsa-p384': objectIdentifiers.secp384r1 } as const;
/** Octets of a coordinate, and of each half of a signature. */
const sizes = { 'ecdsa-p256': 32, 'ecdsa-p384': 48 } as const;

async function publicKeyOf(
  cryptoki: TokenSession['cryptoki'],
  handle: TokenSession['handle'],
  { publicKey }: KeyPair,
  algorithm: KeyAlgorithm,
): Promise<Uint8Array> {
  if (algorithm === 'rsa') {
    const [modulus, exponent] = await cryptoki.attributes(handle, publicKey, [attribute.modulus, attribute.publicExponent]);
    const key = sequence(integer(modulus ?? new Uint8Array()), integer(exponent ?? new Uint8Array()));
    return checkPublicKey(sequence(sequence(oid(objectIdentifiers.rsaEncryption), derNull), bitString(key))).spki;
  }
  const [stored = new Uint8Array()] = await cryptoki.attributes(handle, publicKey, [attribute.ecPoint]);
  // The point is the end of an OCTET STRING (§2.3.3), which some libraries leave away.
  const point = stored.subarray(-(1 + 2 * sizes[algorithm]));
  const kind = sequence(oid(objectIdentifiers.ecPublicKey), oid(curves[algorithm]));
  return checkPublicKey(sequence(kind, bitString(point))).spki;
}

/** Finds the key once in a session. Errors: KeyNotThere. */
async function find({ cryptoki, handle, keys }: TokenSession, id: string, algorithm: KeyAlgorithm) {
  const known = keys.get(id);
  if (known !== undefined) return known;
  const [found, ...more] = await cryptoki.find(handle, [
    [attribute.class, objectClass.privateKey],
    [attribute.keyType, algorithm === 'rsa' ? keyType.rsa : keyType.ec],
    [attribute.id, Buffer.from(id, 'hex')],
  ]);
  if (found === undefined) throw new KeyNotThere(`it holds no key with the id ${id}. Restore it there from its backup;`);
  if (more.length > 0) throw new KeyNotThere(`it holds several keys with the id ${id}. Take away all but the right one;`);
  keys.set(id, found);
  return found;
}

/** DigestInfo of SHA-256 (RFC 8017 §9.2, note 1), before the hash. */
const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** The hash is made here: a list of a million serials need not go there. */
async function signIn(session: TokenSession, id: string, algorithm: KeyAlgorithm, toBeSigned: Uint8Array): Promise<Uint8Array> {
  const { cryptoki, handle } = session;
  const key = await find(session, id, algorithm);
  const digest = hash(signatureHash(algorithm), toBeSigned, 'buffer');
  if (algorithm === 'rsa') return cryptoki.sign(handle, mechanism.rsaPkcs, key, Buffer.concat([sha256Info, digest]));
  const halves = await cryptoki.sign(handle, mechanism.ecdsa, key, digest);
  const middle = halves.length / 2;
  return sequence(integer(halves.subarray(0, middle)), integer(halves.subarray(middle)));
}
