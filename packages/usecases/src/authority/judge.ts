// What is decided of the internal CA, once for the portal, which asks, and once more for the worker, which carries it out: neither
// believes what the other has seen.

import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { isStoredHostname } from '@hostmaster/core/hostname/parse-hostname';
import { isPublicSuffix } from '@hostmaster/core/hostname/public-suffix';
import { intermediateFaults, readAuthorityPem, rootFaults } from '@hostmaster/core/pki/authority-rules';
import { type Certificate, readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem } from '@hostmaster/core/pki/chain';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { isSignedBy, type RevocationList, readCrlPem } from '@hostmaster/core/pki/read-crl';
import { requestKey } from '@hostmaster/core/pki/request-key';
import { isTrustedRoot, type RootEvent, type RootState, rootMachine } from '@hostmaster/core/pki/root-state';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { dayOf } from '@hostmaster/core/said-time';
import type { Reader } from '@hostmaster/db/client';
import { unrevoked } from '@hostmaster/db/state-lists';
import { refuse } from '../violation.ts';

const rootColumns = {
  id: true,
  slug: true,
  name: true,
  state: true,
  chainPem: true,
  keyId: true,
  settings: true,
  lists: { where: { list: completeList }, select: { number: true } },
} as const;

/** The domains of all zones that a CA may sign below. */
export async function signableApexes(db: Reader) {
  const zones = await db.zone.findMany({ select: { apex: true }, distinct: ['apex'], orderBy: { apex: 'asc' } });
  return zones
    .map(({ apex }) => apex)
    .filter((apex) => isStoredHostname(apex) && !isPublicSuffix(apex))
    .filter(isStoredHostname);
}

const isRootState = (text: string): text is RootState => (rootMachine.states as readonly string[]).includes(text);

/** Errors: not-found. */
export async function requireRoot(db: Reader, id: string) {
  const row = await db.issuer.findFirst({ where: { id, kind: rootKind }, select: rootColumns });
  if (row === null || !isRootState(row.state)) throw new HostmasterError('not-found', `There is no root ${id}.`);
  return { ...row, state: row.state, certificate: signingCertificate(row.chainPem) };
}
export type Root = Awaited<ReturnType<typeof requireRoot>>;

/** Errors: not-found, conflict (its state does not allow it). */
export async function rootThatCan(db: Reader, id: string, event: RootEvent): Promise<Root> {
  const root = await requireRoot(db, id);
  rootMachine.advance(root.state, event);
  return root;
}

/** The one whose key is kept elsewhere. Errors: not-found, unsupported. */
export async function requireOffline(db: Reader, id: string): Promise<Root> {
  const root = await requireRoot(db, id);
  if (root.keyId !== null)
    throw new HostmasterError('unsupported', `The key of ${root.name} is kept here: it signs CAs and lists by itself, and nobody asks it.`);
  if (!isTrustedRoot(root.state)) throw new HostmasterError('unsupported', `${root.name} is withdrawn: nothing more is signed below it.`);
  return root;
}

const signingCertificate = (chainPem: string): Certificate => {
  const [first] = splitPem(chainPem);
  if (first === undefined) throw new HostmasterError('internal', 'A root without its certificate is stored.');
  return readCertificate(first);
};

/** Reads one root, and perhaps nothing else. Errors: invalid-input with everything that is wrong. */
export async function judgeRoot(db: Reader, pem: string, now: Date): Promise<Certificate> {
  const certificate = soleCertificate(pem);
  const violations = [...rootFaults(certificate, now), ...(await knownAlready(db, certificate))];
  refuse(violations);
  return certificate;
}

function soleCertificate(pem: string): Certificate {
  const { chain, violations } = readAuthorityPem(pem);
  refuse(violations);
  const [certificate, ...more] = chain;
  if (certificate === undefined || more.length > 0)
    throw broken('ca-pem', `These are ${chain.length} certificates.`, 'Give that of the root alone.');
  return certificate;
}

const broken = (rule: string, reason: string, remedy: string, path = 'certificatePem'): HostmasterError =>
  new HostmasterError('invalid-input', reason, { violations: [{ rule, path, reason, remedy }] });

async function knownAlready(db: Reader, { der, subject }: Certificate): Promise<readonly Violation[]> {
  const roots = await db.issuer.findMany({ where: { kind: rootKind }, select: { name: true, chainPem: true } });
  const own = roots.map(({ name, chainPem }) => ({ name, certificate: signingCertificate(chainPem) }));
  const reason = (text: string, remedy: string): Violation[] => [{ rule: 'ca-known', path: 'certificatePem', reason: text, remedy }];
  const same = own.find(({ certificate }) => Buffer.compare(certificate.der, der) === 0);
  if (same !== undefined) return reason(`It is ${same.name}, which is known already.`, 'Nothing is to be done.');
  // Some verifiers take two of one name for one, and the list of the one for the other's.
  const named = own.find(({ certificate }) => Buffer.compare(certificate.subject, subject) === 0);
  return named === undefined
    ? []
    : reason(`It has the subject of ${named.name}, and another key.`, 'Give a root with a subject of its own.');
}

/** Errors: not-found. */
export async function requireRequest(db: Reader, id: string) {
  const request = await db.authorityRequest.findUnique({
    where: { id },
    select: { id: true, rootId: true, csr: true, permittedSuffixes: true, keyAlgorithm: true, keyId: true },
  });
  if (request === null) throw new HostmasterError('not-found', `There is no request ${id}; it was dropped, or its CA is here already.`);
  return request;
}

/** The CA that was signed for a request, first in the text; its root may stand below it. Errors: invalid-input with everything that is wrong. */
export async function judgeSigned(db: Reader, csr: Uint8Array, rootId: string, pem: string, now: Date): Promise<Certificate> {
  const root = await requireOffline(db, rootId);
  return judgeIntermediate(db, { root, spki: requestKey(csr), pem }, now);
}

type Brought = { readonly root: Root; readonly spki: Uint8Array | null; readonly pem: string };

/** @param spki of the key that is kept here; null where the key is still to be brought. */
export async function judgeIntermediate(db: Reader, { root, spki, pem }: Brought, now: Date): Promise<Certificate> {
  const { chain, violations } = readAuthorityPem(pem);
  refuse(violations);
  const [certificate, ...above] = chain;
  if (certificate === undefined) throw broken('ca-pem', 'There is no certificate in the text.', 'Give it as PEM.');
  const between = above.filter(({ der }) => Buffer.compare(der, root.certificate.der) !== 0);
  const apexes = await signableApexes(db);
  refuse([
    ...(between.length === 0
      ? []
      : [
          {
            rule: 'ca-signer',
            path: 'certificatePem',
            reason: `Between it and ${root.name} stand other CAs, or certificates that do not belong there.`,
            remedy: 'Have it signed by the root itself, and give it alone or with the root below it.',
          },
        ]),
    ...intermediateFaults(certificate, { root: root.certificate, spki: spki ?? certificate.spki, apexes }, now),
  ]);
  return certificate;
}

/** How many certificates below a root are valid, and until when the last of them is. */
export async function standingBelow(
  db: Reader,
  rootId: string,
  now: Date,
): Promise<{ readonly count: number; readonly until: Date | null }> {
  const { _count, _max } = await db.certificate.aggregate({
    where: { issuer: { rootId }, state: { in: unrevoked }, notAfter: { gt: now } },
    _count: true,
    _max: { notAfter: true },
  });
  return { count: _count, until: _max.notAfter };
}

/** Errors: not-found, conflict (its state), in-use (something below it is valid, or on order). */
export async function judgeWithdrawal(db: Reader, id: string, now: Date): Promise<Root> {
  const root = await rootThatCan(db, id, 'withdraw');
  const { count, until } = await standingBelow(db, id, now);
  const orders = await db.certificateOrder.count({ where: { issuer: { rootId: id }, state: 'open' } });
  if (count > 0 && until !== null) {
    const valid = `${count} valid certificate${count === 1 ? '' : 's'}`;
    throw new HostmasterError(
      'in-use',
      `${root.name} has ${valid} below it, the last one until ${dayOf(until)}. They move below the active root when they are renewed; before that, whoever trusted ${root.name} no more would refuse them.`,
    );
  }
  if (orders > 0)
    throw new HostmasterError('in-use', `${orders} order${orders === 1 ? ' is' : 's are'} open at the CAs below ${root.name}.`);
  return root;
}

/** A list of what a root elsewhere has revoked. Errors: not-found, unsupported, invalid-input. */
export async function judgeCrl(
  db: Reader,
  id: string,
  pem: string,
  now: Date,
): Promise<{ readonly root: Root; readonly list: RevocationList }> {
  const root = await requireOffline(db, id);
  const list = listIn(pem);
  const fault = (reason: string, remedy: string): HostmasterError => broken('ca-list', reason, remedy, 'crlPem');
  if (!isSignedBy(list, root.certificate)) throw fault(`It is not signed by ${root.name}.`, 'Give the list of this root.');
  const published = root.lists[0]?.number ?? 0;
  if (list.number <= published)
    throw fault(`Its number is ${list.number}, and ${published} is published already.`, 'Sign a list with a higher number.');
  if (list.nextUpdate <= now) throw fault(`The next one was due on ${dayOf(list.nextUpdate)}.`, 'Sign a new list.');
  return { root, list };
}

function listIn(pem: string): RevocationList {
  try {
    return readCrlPem(pem);
  } catch (error) {
    if (error instanceof HostmasterError)
      throw broken('ca-list', error.message, 'Give the list as PEM: `openssl ca -gencrl` writes it.', 'crlPem');
    throw error;
  }
}
