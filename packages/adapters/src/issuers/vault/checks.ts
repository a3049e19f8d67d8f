// What "Test connection" asks of Vault, or OpenBao: how it is, whether it lets Hostmaster in, and what the role and the CA at the mount
// are. Nothing is signed for it, and nothing is written.

import type { X509Certificate } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { nodeCertificate } from '@hostmaster/core/pki/certificate';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { IssuerCheck, TestedIssuer } from '@hostmaster/core/pki/issuer';
import { type LeafContent, serverContent } from '@hostmaster/core/pki/leaf-content';
import { pathFrom } from '@hostmaster/core/pki/path-from';
import { dayOf } from '@hostmaster/core/said-time';
import { vaultCapabilities, vaultHealth, vaultIssuer, vaultToken } from '@hostmaster/core/vault/answer';
import { unavailableVault } from '@hostmaster/core/vault/problem';
import { roleFaults } from '@hostmaster/core/vault/role-fit';
import { nameFault } from '@hostmaster/core/vault/role-names';
import { usagesOf } from '@hostmaster/core/vault/role-usages';
import { roleRefusal, vaultSetup } from '@hostmaster/core/vault/setup';
import { type Reached, reachChecks } from '../reach-checks.ts';
import { certificatesIn } from './chain.ts';
import { readRole } from './role.ts';
import { authoritiesOf } from './search.ts';
import type { VaultServer } from './server.ts';
import type { VaultSession } from './session.ts';
import { placeOf, type VaultSettings } from './settings.ts';

/** What is asked, opened for one test. */
export type VaultUnderTest = {
  readonly reached: Reached;
  readonly server: VaultServer;
  /** The same without a namespace. */
  readonly whole: VaultServer;
  readonly session: VaultSession;
  readonly connection: TestedIssuer<VaultSettings>;
  readonly now: () => Date;
};
type Check = IssuerCheck<VaultSettings, VaultUnderTest>;

const refused = (message: string): HostmasterError => new HostmasterError('issuer-refused', message);
/** Of the certificates that can be asked for, the key that is asked for most; of every length and kind the order says. */
const usualKey = { algorithm: 'ecdsa-p256', bits: 256 } as const;

const commandOf = (settings: VaultSettings, suffixes: readonly string[], which: 0 | 1): string =>
  vaultSetup(placeOf(settings), suffixes)[which]?.command ?? '';

const health: Check = {
  name: 'health',
  holds: 'Vault is unsealed and answers',
  needs: 'tls',
  remedy: () => 'Unseal it (vault operator unseal), or compare “Address”: it is that of the API, without /v1.',
  async run({ whole }, signal) {
    // One status for whatever state it is in, so that it says which.
    const codes = ['standbycode', 'sealedcode', 'uninitcode', 'drsecondarycode', 'performancestandbycode'].map((code) => `${code}=200`);
    const path = 'sys/health';
    const answer = await whole.call({ method: 'GET', path: `${path}?${codes.join('&')}`, token: null }, signal);
    if (!answer.ok) throw unavailableVault({ name: whole.name, path, settings: '“Address”' }, answer);
    const { initialized, sealed, standby, version } = whole.read(vaultHealth, answer.json, 'health of Vault');
    if (!initialized) throw refused('It is not initialized: there is nothing in it yet.');
    if (sealed) throw refused('It is sealed.');
    return `It is version ${foreignWords(version)}, unsealed, ${standby ? 'a standby, which hands on to the active node' : 'and active'}.`;
  },
};

const signIn: Check = {
  name: 'sign-in',
  holds: 'Vault lets Hostmaster sign in',
  needs: 'health',
  remedy: (_, { settings: { signIn: method } }) =>
    method === 'token'
      ? 'Give a token that has not ended as “Secret”; compare “Namespace”.'
      : method === 'approle'
        ? 'Compare “Signs in as” (the role id) and “Sign-in mount”, and give a secret id anew: vault write -f -field=secret_id auth/approle/role/…/secret-id'
        : 'Compare “Signs in as” and “Sign-in mount”, and which service accounts that role of the Kubernetes method is bound to.',
  async run({ server, session, connection: { settings } }, signal) {
    const answer = await session.call({ method: 'GET', path: 'auth/token/lookup-self' }, signal);
    // Its policy may keep a token from looking at itself; that it was let in is known all the same.
    if (!answer.ok && answer.status === 403 && settings.signIn !== 'token') return `It let Hostmaster in by ${settings.signIn}.`;
    if (!answer.ok) throw unavailableVault({ name: server.name, path: 'auth/token/lookup-self', settings: '“Namespace”' }, answer);
    const { ttl } = server.read(vaultToken, answer.json, 'token').data;
    return `It let Hostmaster in by ${settings.signIn}; the token ${ttl === 0 ? 'has no end' : `holds for ${ttl} s`}.`;
  },
};

const mount: Check = {
  name: 'mount',
  holds: 'A PKI engine with a CA is mounted there',
  needs: 'sign-in',
  remedy: () => 'Compare “Mount” and “Namespace” with what vault secrets list shows; a new engine needs a CA first.',
  async run({ server, session, connection: { settings } }, signal) {
    const { mount: at } = placeOf(settings);
    const found = await authoritiesOf({ server, session, mount: at }, signal);
    if (found.length === 0) throw refused(`There is no CA at ${at}.`);
    const names = [...new Set(found.map((der) => foreignWords(describeCertificate(der).subject)))];
    return `${at} has ${names.slice(0, 5).join('; ')}.`;
  },
};

const role: Check = {
  name: 'role',
  holds: 'The role signs for these names',
  needs: 'mount',
  remedy: (code, { settings, suffixes }) =>
    code === 'issuer-refused'
      ? 'Have whoever runs Vault run that command, or give another role as “Role”, or other names.'
      : `Compare “Role”, or have it written: ${commandOf(settings, suffixes, 1)}`,
  async run({ server, session, connection: { settings, suffixes } }, signal) {
    const place = placeOf(settings);
    const read = await readRole({ server, session, place }, signal);
    if (read === null) return `Its policy does not let Hostmaster read ${place.role}: what it would refuse shows with the first order.`;
    const names = suffixes.map((suffix) => `any-name.${suffix}`);
    // One for clients alone is as good as one for servers.
    const forClients = usagesOf(read).known.join() === 'client';
    const content: LeafContent = forClients ? { ...serverContent, usages: ['client'] } : serverContent;
    const faults = roleFaults(read, { names, key: usualKey, commonName: names.find((name) => name.length <= 64) ?? null, content });
    if (faults.length > 0) throw roleRefusal(server.name, place, faults);
    const not = suffixes.flatMap((suffix) => [suffix, `*.${suffix}`]).filter((name) => nameFault(read, name) !== null);
    return `${place.role} signs for names below ${suffixes.join(', ')}${not.length === 0 ? ', for wildcards and for the domains themselves' : `, and not for ${not.join(', ')}`}.`;
  },
};

const rights: Check = {
  name: 'rights',
  holds: 'Its policy lets Hostmaster sign and revoke',
  needs: 'mount',
  remedy: (_, { settings, suffixes }) => `Have whoever runs Vault write the policy: ${commandOf(settings, suffixes, 0)}`,
  async run({ server, session, connection: { settings } }, signal) {
    const { mount: at, role: named } = placeOf(settings);
    const wanted = { [`${at}/sign/${named}`]: 'update', [`${at}/certs`]: 'list', [`${at}/revoke`]: 'update' };
    const path = 'sys/capabilities-self';
    const answer = await session.call({ method: 'POST', path, body: { paths: Object.keys(wanted) } }, signal);
    if (!answer.ok && (answer.status === 403 || answer.status === 404)) return 'Vault does not say; it shows with the first order.';
    if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Namespace”' }, answer);
    const { data } = server.read(vaultCapabilities, answer.json, 'list of rights');
    const has = (place: string, right: string): boolean => {
      const may = [data[place]].flat().map(String);
      return may.includes(right) || may.includes('root') || may.includes('sudo');
    };
    const missing = Object.entries(wanted).flatMap(([place, right]) => (has(place, right) ? [] : [`${right} at ${place}`]));
    if (missing.length > 0) throw refused(`It lacks ${missing.join(', ')}.`);
    return `It may ${Object.entries(wanted)
      .map(([place, right]) => `${right} at ${place}`)
      .join(', ')}.`;
  },
};

const chain: Check = {
  name: 'chain',
  holds: 'What it signs leads to the root that was given',
  needs: 'mount',
  remedy: () =>
    'Give as “Root certificate in PEM” the root above the CA of Vault, or have Vault sign with the CA below the root that was given.',
  async run({ server, session, connection: { settings, chain: roots }, now }, signal) {
    const place = placeOf(settings);
    const read = await readRole({ server, session, place }, signal).catch(() => null);
    signal.throwIfAborted();
    const path = `${place.mount}/issuer/${encodeURIComponent(read?.issuer_ref ?? 'default')}/json`;
    const answer = await server.call({ method: 'GET', path, token: null }, signal);
    if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, answer);
    const { certificate, ca_chain: above } = server.read(vaultIssuer, answer.json, 'issuer').data;
    const [signing, ...others] = certificatesIn(server, [certificate, ...above]);
    if (signing === undefined) throw server.unusable('it answers no certificate');
    const { subject, notAfter } = describeCertificate(signing);
    const says = `${foreignWords(subject)} signs, valid until ${dayOf(notAfter)}`;
    if (notAfter <= now()) throw refused(`${says}: that is over.`);
    if (roots.length === 0) return `${says}. No root was given, so that what it leads to is not held against one.`;
    const root = rootAbove(signing, others, roots);
    if (root === null) throw refused(`${says}, and it does not lead to the root that was given.`);
    return `${says}; above it is ${foreignWords(describeCertificate(root).subject)}, which was given.`;
  },
};

/** The one of the roots to which a CA leads, DER; null where it leads to none of them. */
function rootAbove(signing: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[]): Uint8Array | null {
  const own = roots.find((root) => Buffer.compare(root, signing) === 0);
  if (own !== undefined) return own;
  try {
    const last = nodeCertificate(pathFrom(signing, [...others, ...roots]).at(-1) ?? signing);
    const signed = (root: X509Certificate): boolean => last.checkIssued(root) && last.verify(root.publicKey);
    return roots.find((root) => signed(nodeCertificate(root))) ?? null;
  } catch (error) {
    // None of all these signed it.
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}

export const vaultChecks: readonly Check[] = [...reachChecks({ url: 'Address' }), health, signIn, mount, role, rights, chain];
