// What "Test connection" asks of every issuer that others run, before it speaks with it: whether its name leads anywhere that may be
// reached, whether something listens there, and whether it is vouched for. Each is a check of its own, since each is mended elsewhere.

import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { isNeverReached } from '@hostmaster/core/address/address';
import type { ConnectionCheck } from '@hostmaster/core/connection-check';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { dayOf } from '@hostmaster/core/said-time';
import { asSentence } from '@hostmaster/core/sentence';
import { createGuard } from '../net/guard.ts';
import { faultOf } from '../net/https.ts';
import { tellFault, tellVerification } from '../probes/fault-words.ts';
import { rangesOf } from './reach.ts';

/** Where it is, as its settings say. */
export type Reached = {
  /** https. */
  readonly url: string;
  /** PEM of what is trusted to vouch for it; empty: what this system trusts. */
  readonly trust: string;
  /** Ranges beyond public addresses, as they are typed. */
  readonly addresses: string;
};

const guard = createGuard();
const timeoutMilliseconds = 5_000;
const mostTold = 4;

const placeOf = ({ url }: Reached) => {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
};
const unavailable = (message: string, cause?: unknown, remedy?: string): HostmasterError =>
  new HostmasterError('issuer-unavailable', message, { cause, ...(remedy === undefined ? {} : { remedy }) });
const listed = (addresses: readonly string[]): string =>
  `${addresses.slice(0, mostTold).join(', ')}${addresses.length > mostTold ? ` and ${addresses.length - mostTold} more` : ''}`;

/** A look-up cannot be given up, and is left to itself: what becomes of it then is of nobody's interest, and no fault of the process. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  ]);
}

const never = ({ code, message }: HostmasterError): HostmasterError =>
  new HostmasterError(code, message, {
    remedy: 'No connection ever goes there, whatever is allowed: mend the address, or its name in DNS.',
  });

/** The addresses that may be reached, and how many others there are. Errors: issuer-unavailable, address-forbidden where none may be. */
async function addressesOf(reached: Reached, signal: AbortSignal): Promise<{ readonly open: readonly string[]; readonly shut: number }> {
  const { host } = placeOf(reached);
  const found = await orAborted(isIP(host) > 0 ? Promise.resolve([{ address: host }]) : lookup(host, { all: true }), signal).catch(
    (cause) => {
      if (signal.aborted) throw signal.reason;
      throw unavailable(`${host} has no address that the worker could find.`, cause);
    },
  );
  const judged = found.map(({ address }) => ({ address, fault: faultOf(address, { allowedRanges: rangesOf(reached.addresses) }) }));
  const open = judged.flatMap(({ address, fault }) => (fault === null ? [address] : []));
  const [first] = judged;
  if (open.length === 0 && first?.fault) throw judged.every(({ address }) => isNeverReached(address)) ? never(first.fault) : first.fault;
  return { open, shut: judged.length - open.length };
}

/** To whichever address answers first. Errors: issuer-unavailable with what became of the first, and as of `addressesOf`. */
async function connected(reached: Reached, signal: AbortSignal): Promise<Socket> {
  const { host, port } = placeOf(reached);
  const { open } = await addressesOf(reached, signal);
  const target = { port, ports: { servedPort: port, allowedPorts: [] }, allowedRanges: rangesOf(reached.addresses), timeoutMilliseconds };
  const won = new AbortController();
  const both = AbortSignal.any([signal, won.signal]);
  try {
    return await Promise.any(
      open.map(async (address) => {
        const socket = await guard.guardedConnect({ ...target, address }, both);
        if (won.signal.aborted) socket.destroy();
        else won.abort();
        return socket;
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    const [first] = error instanceof AggregateError ? error.errors : [error];
    throw unavailable(asSentence(`${host} at ${listed(open)} takes no connection on port ${port}: ${tellFault(first).words}`), first);
  }
}

/** Shakes hands as `httpsExchange` does, and does not end it where the certificate is not trusted: that is what is to be told. */
async function secured(socket: Socket, { host, trust }: { host: string; trust: string }, signal: AbortSignal): Promise<TLSSocket> {
  const secure = connect({
    socket,
    host,
    ...(isIP(host) > 0 ? {} : { servername: host }),
    ...(trust === '' ? {} : { ca: trust }),
    rejectUnauthorized: false,
  });
  secure.on('error', () => undefined);
  const shaken = new Promise<TLSSocket>((resolve, reject) => {
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('the connection was closed during the handshake')));
  });
  try {
    return await orAborted(shaken, signal);
  } catch (error) {
    secure.destroy();
    throw error;
  }
}

async function vouchedFor(reached: Reached, signal: AbortSignal): Promise<string> {
  const { host } = placeOf(reached);
  const socket = await connected(reached, signal);
  try {
    const secure = await secured(socket, { host, trust: reached.trust }, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      const remedy = 'Compare the address and its port: what listens there has to speak TLS, of version 1.2 or later.';
      throw unavailable(asSentence(`${host} was reached, and no TLS came about: ${tellFault(error).words}`), error, remedy);
    });
    const { issuer, valid_to: until } = secure.getPeerCertificate();
    const by = foreignWords([issuer?.CN ?? issuer?.O ?? 'a CA without a name'].flat().join(', '));
    // Whatever it presents, it may name a time that does not exist.
    const ends = new Date(until);
    if (secure.authorized) return `Its certificate is of ${by}${Number.isNaN(ends.getTime()) ? '' : `, valid until ${dayOf(ends)}`}.`;
    // Typed as an Error, but Node assigns the code of the verification as text.
    const fault: unknown = secure.authorizationError;
    const code = fault instanceof Error ? ('code' in fault && String(fault.code)) || fault.message : String(fault);
    throw unavailable(asSentence(`Its certificate, of ${by}, is not trusted: ${tellVerification(code).words}`));
  } finally {
    socket.destroy();
  }
}

/** @param settings what of the form leads there, by the titles of its fields */
export const reachChecks = (settings: { readonly url: string }): readonly ConnectionCheck<{ readonly reached: Reached }, unknown>[] => [
  {
    name: 'address',
    holds: 'Its name leads to an address that may be reached',
    remedy: (code) =>
      code === 'address-forbidden'
        ? 'Where it is meant to be there, give its range as “Addresses”, such as 10.0.0.0/8; otherwise mend the name in DNS.'
        : `Compare “${settings.url}”; the name is looked up by the resolver of the machine of the worker.`,
    async run({ reached }, signal) {
      const { open, shut } = await addressesOf(reached, signal);
      const left = shut === 0 ? '' : `; ${shut} more may not be reached from here, and are left out`;
      return `${placeOf(reached).host} is at ${listed(open)}${left}.`;
    },
  },
  {
    name: 'port',
    holds: 'Something takes connections there',
    needs: 'address',
    remedy: () => `Compare the port in “${settings.url}”, and let the machine of the worker connect to it: firewalls and routes between.`,
    async run({ reached }, signal) {
      const socket = await connected(reached, signal);
      const at = socket.remoteAddress ?? 'the address';
      socket.destroy();
      return `${at} takes connections on port ${placeOf(reached).port}.`;
    },
  },
  {
    name: 'tls',
    holds: 'Its certificate is trusted',
    needs: 'port',
    remedy: () =>
      'Give the root of the CA that signed its certificate as “Trusted for its address”, or have a certificate for this name put there; empty, the public roots count.',
    run: ({ reached }, signal) => vouchedFor(reached, signal),
  },
];
