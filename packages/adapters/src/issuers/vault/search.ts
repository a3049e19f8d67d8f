// Vault signs as often as it is asked. Where it is not known whether it has signed, what it stored is looked through for a certificate of
// the order's key: so many at a time, in the order of their serials, so that a mount of whatever size is looked through to its end.
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Certificate, readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem } from '@hostmaster/core/pki/chain';
import { leafFault } from '@hostmaster/core/pki/issued';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { vaultCertificate, vaultIssuer, vaultKeys } from '@hostmaster/core/vault/answer';
import { unavailableVault } from '@hostmaster/core/vault/problem';
import type { VaultServer } from './server.ts';
import type { VaultSession } from './session.ts';

export type Looked = {
  /** What was found, DER. */
  readonly leaf: Uint8Array | null;
  /** Up to which serial was looked; null: to the end. */
  readonly upTo: string | null;
  /** How many are left. */
  readonly left: number;
};

export type SearchDeps = {
  readonly server: VaultServer;
  readonly session: VaultSession;
  readonly mount: string;
};

/** So many certificates are read in a turn, and so many of them at once. */
const mostInTurn = 1000;
const atOnce = 8;
const mostIssuers = 64;
/** A million serials. */
const mostBytesOfList = 64 * 1024 * 1024;
/** How far the clocks of Vault and of Hostmaster may be apart, and how far back Vault may date what it signs. */
const apart = day;

/**
 * @param spki of the order's key @param since when it may have been asked for, in milliseconds since 1970 @param after the serial up to which was looked
 * Errors: issuer-unavailable, also where the policy does not let Hostmaster look.
 */
export async function lookThrough(
  { server, session, mount }: SearchDeps,
  order: CertificateOrder,
  { spki, since, after }: { readonly spki: Uint8Array; readonly since: number; readonly after: string | null },
  signal: AbortSignal,
): Promise<Looked> {
  // OpenBao lists from there on; Vault lists all, whatever is asked.
  const query = after === null ? '' : `&after=${after.replaceAll(':', '-')}`;
  const keys = await list(server, session, `${mount}/certs`, query, signal);
  const serials = keys.filter((serial) => /^[0-9a-f:-]+$/.test(serial) && (after === null || serial > after)).sort();
  const looked = serials.slice(0, mostInTurn);
  const predecessor = order.replaces === undefined ? null : readCertificate(order.replaces);
  const isIt = (certificate: Certificate): boolean =>
    Buffer.compare(certificate.spki, spki) === 0 &&
    leafFault(order, certificate.der) === null &&
    certificate.notBefore.getTime() >= since - apart &&
    // A requester's key may be certified again and again: what it replaces is none that was signed for this order.
    (predecessor === null || certificate.notBefore > predecessor.notBefore);
  const found: Certificate[] = [];
  for (let at = 0; at < looked.length; at += atOnce) {
    const read = await Promise.all(
      looked.slice(at, at + atOnce).map((serial) => readStored(server, `${mount}/cert/${serial}`, spki, signal)),
    );
    found.push(...read.filter((one) => one !== null).filter(isIt));
  }
  const [leaf] = found.sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  const left = serials.length - looked.length;
  return { leaf: leaf?.der ?? null, upTo: left === 0 ? null : (looked.at(-1) ?? null), left };
}

/** None is a refusal of Vault's, too. */
async function list(
  server: VaultServer,
  session: VaultSession,
  path: string,
  query: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answer = await session.call({ method: 'GET', path: `${path}?list=true${query}`, mostBytes: mostBytesOfList }, signal);
  if (answer.ok) return server.read(vaultKeys, answer.json, 'list').data.keys;
  if (answer.status === 404 && answer.errors.length === 0) return [];
  throw unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, answer);
}

/** Null where it is revoked, or gone, or of another key; it is read by everybody, without a token. */
async function readStored(server: VaultServer, path: string, spki: Uint8Array, signal: AbortSignal): Promise<Certificate | null> {
  const answer = await server.call({ method: 'GET', path, token: null }, signal);
  if (!answer.ok && answer.status === 404) return null;
  if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, answer);
  const { certificate, revocation_time: revoked } = server.read(vaultCertificate, answer.json, 'certificate').data;
  const der = Buffer.from(certificate.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  // Most are of others, and not worth reading.
  if (revoked !== 0 || !der.includes(Buffer.from(spki))) return null;
  try {
    return readCertificate(Uint8Array.from(der));
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}

/** The certificates of every CA of the mount, and of those above them, DER. Errors: issuer-unavailable. */
export async function authoritiesOf({ server, session, mount }: SearchDeps, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const path = `${mount}/issuers`;
  const ids = await list(server, session, path, '', signal);
  const read = ids.slice(0, mostIssuers).map(async (id) => {
    const answer = await server.call({ method: 'GET', path: `${mount}/issuer/${encodeURIComponent(id)}/json`, token: null }, signal);
    if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, answer);
    const { certificate, ca_chain: chain } = server.read(vaultIssuer, answer.json, 'issuer').data;
    return [certificate, ...chain].flatMap(splitPem);
  });
  return (await Promise.all(read)).flat();
}
