// One token, as everything that uses a key in it shares it: a few sessions, whoever waits for one in their order, and one login. What
// comes of a session that died is thrown away with all that was opened beside it, and tried once more on a fresh one: so a token that
// was away is found again by whoever asks next, and nobody has to be told that it is back.
import { HostmasterError } from '@hostmaster/core/errors';
import { type Cryptoki, CryptokiError, type Handle } from './cryptoki.ts';

export type TokenSettings = {
  /** Path of the library that leads to it. */
  readonly module: string;
  /** CKA_LABEL of the token, without the blanks that fill it up. */
  readonly label: string;
  readonly pin: string;
};
/** A session of the token, logged in. @param keys what was found in it, by the id of the key */
export type TokenSession = { readonly cryptoki: Cryptoki; readonly handle: Handle; readonly keys: Map<string, Handle> };

export type Token = {
  readonly label: string;
  /**
   * Does something in a session that nobody else uses meanwhile, and once more in a fresh one where the first had died.
   * Errors: key-unreadable, which names the token, what it said and what mends it; those of the work.
   * @param milliseconds for all of it, the waiting too; the call that is under way then keeps its session until the token answers, and
   * nobody else waits for that: they are told at once
   */
  use<T>(work: (session: TokenSession) => Promise<T>, milliseconds: number): Promise<T>;
  /** Closes what is open; whatever is asked afterwards opens it again. */
  close(): Promise<void>;
};

/** Of the four threads that Node has for files, names and ciphers as well, one is left to them while a token does not answer. */
const mostSessions = 3;

/** After these the next session may find everything in order: the token, the login or the key is not where it was. */
const stale: ReadonlySet<string> = new Set([
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_SLOT_ID_INVALID',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_OPERATION_NOT_INITIALIZED',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
]);
/** Another try with the same PIN is one less for whoever knows the right one. */
const refusedPin: ReadonlySet<string> = new Set([
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_PIN_NOT_INITIALIZED',
]);

/** The work did not find its key: it may have been made since the session was opened. */
export class KeyNotThere extends Error {
  override readonly name = 'KeyNotThere';
}

type Connection = { readonly cryptoki: Cryptoki; readonly slot: Handle; readonly idle: TokenSession[] };

/**
 * Nothing is opened before it is first used.
 * @param load opens the library; whatever it throws means that there is none
 */
export function createToken(
  { module, label, pin }: TokenSettings,
  {
    sessions = mostSessions,
    load = loadCryptoki,
  }: { readonly sessions?: number; readonly load?: (path: string) => Promise<Cryptoki> } = {},
): Token {
  const failed = (message: string, cause?: unknown): HostmasterError =>
    new HostmasterError('key-unreadable', `The token ${label} cannot be used: ${message}`, { cause });
  let loaded: Cryptoki | null = null;
  let connecting: Promise<Connection> | null = null;
  let pinError: HostmasterError | null = null;
  let begun = false;
  /** Of the places there are, those that somebody has; and sessions in which something is done, also where nobody waits for it any more. */
  let [taken, busy] = [0, 0];
  /** Of them those that somebody has given up on. */
  let hanging = 0;
  const waiting: (() => void)[] = [];

  async function library(): Promise<Cryptoki> {
    try {
      loaded ??= await load(module);
      return loaded;
    } catch (cause) {
      throw failed(`${module} cannot be loaded as a library of PKCS #11. Check HOSTMASTER_PKCS11_MODULE of the worker.`, cause);
    }
  }

  /**
   * Many libraries look for tokens only when they begin, and keep what they knew of one that is gone: so this one begins anew with every
   * connection, unless somebody is in the middle of something.
   */
  async function begin(cryptoki: Cryptoki): Promise<void> {
    if (begun && busy === 0) await cryptoki.finalize().catch(asGone);
    await cryptoki.initialize();
    begun = true;
  }
  function soleSlot(tokens: Awaited<ReturnType<Cryptoki['tokens']>>): Handle {
    const [slot, ...more] = tokens.filter((each) => each.label === label);
    if (slot === undefined) {
      const others = tokens.flatMap((each) => (each.label === '' ? [] : [each.label]));
      const there = others.length === 0 ? 'no token' : others.join(', ');
      throw failed(
        `${module} shows ${there} and not this one. Put it back, or check HOSTMASTER_PKCS11_TOKEN of the worker; it is tried again by itself.`,
      );
    }
    if (more.length > 0)
      throw failed(`${module} shows ${more.length + 1} tokens of this label. Leave one, or give the others another label.`);
    return slot.slot;
  }

  async function connect(): Promise<Connection> {
    if (pinError !== null) throw pinError;
    const cryptoki = await library();
    await begin(cryptoki);
    const slot = soleSlot(await cryptoki.tokens());
    const handle = await cryptoki.openSession(slot);
    try {
      await cryptoki.login(handle, pin);
    } catch (error) {
      await cryptoki.closeSession(handle).catch(asGone);
      if (error instanceof CryptokiError && refusedPin.has(error.said))
        pinError = failed(
          `it refuses its PIN (${error.said}). Tokens lock after a few tries, so it is not tried again before the worker is restarted: correct HOSTMASTER_PKCS11_PIN or its file first.`,
          error,
        );
      throw pinError ?? error;
    }
    return { cryptoki, slot, idle: [{ cryptoki, handle, keys: new Map() }] };
  }
  /** Of all who need it at once, one connects: a PIN that is wrong is tried once. */
  function connection(): Promise<Connection> {
    connecting ??= connect().catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  }
  const end = ({ cryptoki, handle }: TokenSession): Promise<void> => cryptoki.closeSession(handle).catch(asGone);
  /** What was opened there is closed, as far as it still is open; who is in the middle of something closes their own. */
  async function drop(dead: Connection, current: Promise<Connection>): Promise<void> {
    if (connecting === current) connecting = null;
    await Promise.all(dead.idle.splice(0).map(end));
  }

  async function attempt<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    const current = connection();
    const at = await current;
    busy += 1;
    try {
      const session = at.idle.pop() ?? { cryptoki: at.cryptoki, handle: await at.cryptoki.openSession(at.slot), keys: new Map() };
      try {
        const made = await work(session);
        if (connecting === current) at.idle.push(session);
        else await end(session);
        return made;
      } catch (error) {
        await end(session);
        throw error;
      }
    } catch (error) {
      if (isStale(error)) await drop(at, current);
      throw error;
    } finally {
      busy -= 1;
    }
  }
  async function twice<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    try {
      return await attempt(work);
    } catch (error) {
      if (!isStale(error)) throw error;
      return attempt(work);
    }
  }

  const tellWhy = (error: unknown): unknown =>
    error instanceof CryptokiError
      ? failed(`${error.from} answered ${error.said}. Look at the token; it is tried again by itself.`, error)
      : error instanceof KeyNotThere
        ? failed(`${error.message} it is tried again by itself.`, error)
        : error;

  async function turn(signal: AbortSignal): Promise<void> {
    if (taken < sessions) {
      taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const mine = (): void => {
        signal.removeEventListener('abort', late);
        resolve();
      };
      const late = (): void => {
        waiting.splice(waiting.indexOf(mine), 1);
        reject(signal.reason);
      };
      waiting.push(mine);
      signal.addEventListener('abort', late, { once: true });
    });
  }
  /** The place goes to whoever waits longest, else it is free. */
  function endTurn(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  const answers = (): void => {
    hanging -= 1;
  };

  return {
    label,

    async use(work, milliseconds) {
      const seconds = Math.ceil(milliseconds / 1000);
      const late = failed(`it has not answered within ${seconds} seconds. ${lookAtIt}`);
      if (hanging > 0) throw failed(`it still does not answer. ${lookAtIt}`);
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(late), milliseconds);
      try {
        await turn(deadline.signal);
        const working = twice(work).finally(endTurn);
        const ended = new Promise<never>((_, reject) => {
          deadline.signal.addEventListener('abort', () => {
            hanging += 1;
            working.then(answers, answers);
            reject(late);
          });
        });
        return await Promise.race([working, ended]);
      } catch (error) {
        throw tellWhy(error);
      } finally {
        clearTimeout(timer);
      }
    },

    async close() {
      const current = connecting;
      const open = await current?.catch(() => null);
      if (current === null || open === null || open === undefined) return;
      await drop(open, current);
      if (busy === 0) await open.cryptoki.finalize().catch(asGone);
    },
  };
}

const lookAtIt = 'Look at the token and the way to it; it is tried again by itself.';

const isStale = (error: unknown): boolean => error instanceof KeyNotThere || (error instanceof CryptokiError && stale.has(error.said));

/** What is given up may be gone already. */
const asGone = (): void => undefined;

/** Not before a token is used: whoever has none does not load it. */
async function loadCryptoki(path: string): Promise<Cryptoki> {
  const { openCryptoki } = await import('./cryptoki.ts');
  return openCryptoki(path);
}
