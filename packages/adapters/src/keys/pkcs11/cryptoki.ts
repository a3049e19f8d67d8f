// A PKCS #11 library (2.40), as the few calls that keys of CAs need. What is laid out in memory here is what the standard says for Unix
// of 64 bits: CK_ULONG and pointers of eight octets, structures without packing. Every call runs on a thread of libuv's pool, so that a
// token that takes its time holds up nothing else; a thread that it never gives back stays lost.
import koffi from 'koffi';
import { type Attribute, type CryptokiFunction, functions, initialize, returnName, session as sessionFlags, user } from './constants.ts';

/** What a call answered that is not CKR_OK. It holds no argument of the call. */
export class CryptokiError extends Error {
  override readonly name = 'CryptokiError';
  /** The function, and the return value by its name. */
  readonly from: CryptokiFunction;
  readonly said: string;
  constructor(from: CryptokiFunction, value: number) {
    super(`${from} answered ${returnName(value)}.`);
    this.from = from;
    this.said = returnName(value);
  }
}

/** True, false and numbers take their place as CK_BBOOL and CK_ULONG. */
export type Template = readonly (readonly [Attribute, Uint8Array | boolean | number])[];
export type Handle = bigint;

export type Cryptoki = {
  /** Nothing happens where this process has done so already. */
  initialize(): Promise<void>;
  finalize(): Promise<void>;
  /** Slots with a token, and the label of each. */
  tokens(): Promise<readonly { readonly slot: Handle; readonly label: string }[]>;
  /** One that reads and writes. */
  openSession(slot: Handle): Promise<Handle>;
  closeSession(session: Handle): Promise<void>;
  /** As the user. Nothing happens where this process is logged in already. */
  login(session: Handle, pin: string): Promise<void>;
  /** At most two objects that have all of these attributes. */
  find(session: Handle, template: Template): Promise<readonly Handle[]>;
  generateKeyPair(session: Handle, mechanism: number, publicKey: Template, privateKey: Template): Promise<KeyPair>;
  attributes(session: Handle, object: Handle, wanted: readonly Attribute[]): Promise<readonly Uint8Array[]>;
  sign(session: Handle, mechanism: number, key: Handle, data: Uint8Array): Promise<Uint8Array>;
};
export type KeyPair = { readonly publicKey: Handle; readonly privateKey: Handle };

// Libraries that speak to a device may want more than koffi gives by itself; it takes it only before it has loaded anything.
const async_stack_size = 1024 * 1024;
if (koffi.config().async_stack_size !== async_stack_size) koffi.config({ async_stack_size });

const word = 8;
const tokenInfoLength = 208;
const labelLength = 32;
/** RSA-4096 makes 512 octets of each. */
const mostOctets = 1024;
const mechanismLength = 3 * word;
const attributeLength = 3 * word;

const ulong = (value: number | bigint): Buffer => {
  const octets = Buffer.alloc(word);
  octets.writeBigUInt64LE(BigInt(value));
  return octets;
};
const ulongIn = (octets: Buffer, at = 0): bigint => octets.readBigUInt64LE(at);

const mechanismOf = (number: number): Buffer => Buffer.concat([ulong(number), Buffer.alloc(2 * word)], mechanismLength);

const valueOctets = (value: Uint8Array | boolean | number): Buffer =>
  typeof value === 'boolean' ? Buffer.from([value ? 1 : 0]) : typeof value === 'number' ? ulong(value) : Buffer.from(value);

/** An array of CK_ATTRIBUTE, and the values that it points to: those have to stay for as long as it is used. */
function layOut(attributes: readonly (readonly [Attribute, Buffer])[]) {
  const octets = Buffer.alloc(attributes.length * attributeLength);
  attributes.forEach(([type, value], index) => {
    octets.writeBigUInt64LE(BigInt(type), index * attributeLength);
    octets.writeBigUInt64LE(koffi.address(value), index * attributeLength + word);
    octets.writeBigUInt64LE(BigInt(value.length), index * attributeLength + 2 * word);
  });
  return { octets, values: attributes.map(([, value]) => value), count: attributes.length };
}
const laidOut = (template: Template) => layOut(template.map(([type, value]) => [type, valueOctets(value)] as const));

type Argument = Buffer | bigint | number | null;
/** @param kept what the arguments point to. Errors: CryptokiError. */
type Call = (name: CryptokiFunction, given: readonly Argument[], kept?: unknown) => Promise<void>;

const argumentTypes: Readonly<Record<string, string>> = { p: 'void *', n: 'ulong', b: 'uchar' };

/** Errors: one of koffi's, where there is no library at the path or it is none. */
function load(path: string): Call {
  if (koffi.sizeof('ulong') !== word || koffi.sizeof('void *') !== word) throw new Error('This is no Unix of 64 bits.');
  const library = koffi.load(path);
  const pointer = Buffer.alloc(word);
  const said = Number(library.func('C_GetFunctionList', 'ulong', ['void *'])(pointer));
  if (said !== 0) throw new Error(`C_GetFunctionList answered ${returnName(said)}.`);
  const list = ulongIn(pointer);
  const table = new Map<string, ReturnType<typeof library.func>>();
  for (const [name, [place, types]] of Object.entries(functions)) {
    const prototype = koffi.proto(
      'ulong',
      [...types].map((type) => argumentTypes[type] ?? 'void *'),
    );
    // Behind the version, which takes a word with what fills it up.
    table.set(name, koffi.decode(koffi.decode(list, word + place * word, 'void *'), prototype));
  }
  return (name, given, kept) =>
    new Promise((resolve, reject) => {
      const settle = (_kept: unknown, error: unknown, value: number | bigint): void => {
        if (error !== null && error !== undefined) reject(error);
        else if (Number(value) === 0) resolve();
        else reject(new CryptokiError(name, Number(value)));
      };
      // Nothing that the thread reads or writes is collected before it has answered.
      const callback = (error: unknown, value: number | bigint): void => settle([library, given, kept], error, value);
      const called = table.get(name);
      if (called === undefined) throw new TypeError(`unreachable: ${name} is in the table`);
      called.async(...given, callback);
    });
}

const unless = (said: string) => (error: unknown) => {
  if (!(error instanceof CryptokiError) || error.said !== said) throw error;
};

/** Opens a library of PKCS #11. Errors: what koffi says where there is none; those of the calls are CryptokiError. */
export function openCryptoki(path: string): Cryptoki {
  const call = load(path);
  const slots = async (): Promise<readonly Handle[]> => {
    const count = ulong(0);
    await call('C_GetSlotList', [1, null, count]);
    const list = Buffer.alloc(Number(ulongIn(count)) * word);
    if (list.length === 0) return [];
    await call('C_GetSlotList', [1, list, count]);
    return Array.from({ length: Number(ulongIn(count)) }, (_, index) => ulongIn(list, index * word));
  };
  return {
    async initialize() {
      const args = Buffer.alloc(6 * word);
      args.writeBigUInt64LE(BigInt(initialize.osLocking), 4 * word);
      await call('C_Initialize', [args]).catch(unless('CKR_CRYPTOKI_ALREADY_INITIALIZED'));
    },

    finalize: () => call('C_Finalize', [null]),

    async tokens() {
      const found: { slot: Handle; label: string }[] = [];
      for (const slot of await slots()) {
        const info = Buffer.alloc(tokenInfoLength);
        // One that was taken out meanwhile is not there.
        await call('C_GetTokenInfo', [slot, info]).then(
          () => found.push({ slot, label: info.toString('utf8', 0, labelLength).trimEnd() }),
          () => undefined,
        );
      }
      return found;
    },

    async openSession(slot) {
      const handle = ulong(0);
      await call('C_OpenSession', [slot, sessionFlags.serial | sessionFlags.readWrite, null, null, handle]);
      return ulongIn(handle);
    },

    closeSession: (session) => call('C_CloseSession', [session]),

    async login(session, pin) {
      const octets = Buffer.from(pin, 'utf8');
      try {
        await call('C_Login', [session, user, octets, octets.length]).catch(unless('CKR_USER_ALREADY_LOGGED_IN'));
      } finally {
        octets.fill(0);
      }
    },

    async find(session, template) {
      const { octets, values, count } = laidOut(template);
      const [handles, found] = [Buffer.alloc(2 * word), ulong(0)];
      await call('C_FindObjectsInit', [session, octets, count], values);
      try {
        await call('C_FindObjects', [session, handles, 2, found]);
      } finally {
        await call('C_FindObjectsFinal', [session]);
      }
      return Array.from({ length: Number(ulongIn(found)) }, (_, index) => ulongIn(handles, index * word));
    },

    async generateKeyPair(session, mechanism, publicTemplate, privateTemplate) {
      const [forPublic, forPrivate] = [laidOut(publicTemplate), laidOut(privateTemplate)];
      const [publicKey, privateKey] = [ulong(0), ulong(0)];
      await call(
        'C_GenerateKeyPair',
        [session, mechanismOf(mechanism), forPublic.octets, forPublic.count, forPrivate.octets, forPrivate.count, publicKey, privateKey],
        [forPublic.values, forPrivate.values],
      );
      return { publicKey: ulongIn(publicKey), privateKey: ulongIn(privateKey) };
    },

    async attributes(session, object, wanted) {
      const { octets, values, count } = layOut(wanted.map((type) => [type, Buffer.alloc(mostOctets)] as const));
      await call('C_GetAttributeValue', [session, object, octets, count], values);
      return values.map((value, index) => value.subarray(0, Number(ulongIn(octets, index * attributeLength + 2 * word))));
    },

    async sign(session, mechanism, key, data) {
      await call('C_SignInit', [session, mechanismOf(mechanism), key]);
      const [signature, length] = [Buffer.alloc(mostOctets), ulong(mostOctets)];
      await call('C_Sign', [session, Buffer.from(data), data.length, signature, length]);
      return signature.subarray(0, Number(ulongIn(length)));
    },
  };
}
