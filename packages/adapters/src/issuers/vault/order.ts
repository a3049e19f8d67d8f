// One order at Vault: what it would refuse is said before it is asked, and what it may have signed already is looked for before it is
// asked again.
import { randomUUID } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import { toPem } from '@hostmaster/core/pki/chain';
import type { CertificateRequest } from '@hostmaster/core/pki/csr';
import { leafFault } from '@hostmaster/core/pki/issued';
import type { CertificateOrder, Progress } from '@hostmaster/core/pki/issuer';
import { serverContent } from '@hostmaster/core/pki/leaf-content';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { vaultSigned } from '@hostmaster/core/vault/answer';
import { unavailableVault, type VaultRefusal, vaultWords } from '@hostmaster/core/vault/problem';
import type { VaultRole } from '@hostmaster/core/vault/role';
import { roleFaults } from '@hostmaster/core/vault/role-fit';
import { type RolePlace, roleRefusal } from '@hostmaster/core/vault/setup';
import { z } from 'zod';
import { type ChainDeps, certificatesIn, usableChain } from './chain.ts';
import { noRole, readRole } from './role.ts';
import { authoritiesOf, lookThrough, type SearchDeps } from './search.ts';

/**
 * What an order goes on from: `attempt` names the one asking that this allows, and `since` when that was, in milliseconds since 1970; null
 * where nothing was asked yet. `after`: up to which serial it was looked through what Vault stored.
 */
export const vaultResume = z.object({ attempt: z.string().nullable(), since: z.number(), after: z.string().nullable() });
export type VaultResume = z.output<typeof vaultResume>;

export type VaultOrderDeps = SearchDeps &
  ChainDeps & {
    readonly place: RolePlace;
    /** Attempts of this process that have asked for nothing yet: nobody else knows them, so nothing was signed for them. */
    readonly unasked: Set<string>;
  };

/** ub-common-name of RFC 5280 appendix A. */
const longestCommonName = 64;
const mostUnasked = 1000;

/** Errors: issuer-refused, issuer-unavailable. */
export async function askOn(
  deps: VaultOrderDeps,
  order: CertificateOrder,
  request: CertificateRequest,
  resume: VaultResume,
  signal: AbortSignal,
): Promise<Progress> {
  if (order.content?.mustStaple) throw noStapling(deps.server.name);
  if (resume.attempt === null) return begin(deps, deps.now().getTime());
  if (!deps.unasked.has(resume.attempt)) return askAnew(deps, order, request, resume, signal);
  const role = await readRole(deps, signal);
  const commonName = order.names.find((name) => name.length <= longestCommonName) ?? null;
  const { names, content = serverContent } = order;
  const faults = role === null ? [] : roleFaults(role, { names, key: request.publicKey, commonName, content });
  if (faults.length > 0) throw roleRefusal(deps.server.name, deps.place, faults);
  return sign(deps, order, { der: request.der, role, commonName, attempt: resume.attempt }, signal);
}

/** Stored before anything is asked, so that whoever takes the order up again knows that it may have been. */
function begin({ server, unasked }: VaultOrderDeps, since: number): Progress {
  const attempt = randomUUID();
  unasked.add(attempt);
  for (const oldest of unasked) if (unasked.size > mostUnasked) unasked.delete(oldest);
  return {
    outcome: 'pending',
    resume: { attempt, since, after: null },
    reference: null,
    message: `${server.name} is asked to sign.`,
    movesNext: hostmaster,
    retryAfterSeconds: 0,
  };
}

/** Whether it signed the last time is not known: what it stored says so. */
async function askAnew(
  deps: VaultOrderDeps,
  order: CertificateOrder,
  { publicKey: { spki } }: CertificateRequest,
  { attempt, since, after }: VaultResume,
  signal: AbortSignal,
): Promise<Progress> {
  const { leaf, upTo, left } = await lookThrough(deps, order, { spki, since, after }, signal);
  if (leaf !== null) return { outcome: 'issued', chain: usableChain(deps, leaf, await authoritiesOf(deps, signal), order) };
  if (upTo === null) return begin(deps, since);
  return {
    outcome: 'pending',
    resume: { attempt, since, after: upTo },
    reference: null,
    message: `What ${deps.server.name} has signed is looked through for a certificate of this order; ${left} are left.`,
    movesNext: hostmaster,
    retryAfterSeconds: 1,
  };
}

type Asking = {
  readonly der: Uint8Array;
  readonly role: VaultRole | null;
  readonly commonName: string | null;
  readonly attempt: string;
};

async function sign(
  deps: VaultOrderDeps,
  order: CertificateOrder,
  { der, role, commonName, attempt }: Asking,
  signal: AbortSignal,
): Promise<Progress> {
  const { server, session, mount, place, unasked } = deps;
  const path = `${mount}/sign/${place.role}`;
  const { addresses, spiffeId } = order.content ?? serverContent;
  const body = {
    csr: toPem(der, 'CERTIFICATE REQUEST'),
    ...(commonName === null ? {} : { common_name: commonName }),
    alt_names: order.names.join(','),
    // Of a role that takes these from the CSR instead, nothing of this counts; the CSR has the same.
    ...(addresses.length === 0 ? {} : { ip_sans: addresses.join(',') }),
    ...(spiffeId === null ? {} : { uri_sans: spiffeId }),
    // Vault takes no more than the role allows; one that says itself when certificates end takes no other word for it.
    ...(role !== null && role.not_after !== '' ? {} : { ttl: `${askedSeconds(role, order)}s` }),
    format: 'pem',
  };
  // From here on nobody knows until an answer is there.
  unasked.delete(attempt);
  const answer = await session.call({ method: 'POST', path, body }, signal);
  if (!answer.ok) {
    // What Vault itself refuses, it has not signed. Whether a fault of its own came before or after, nobody knows.
    if (answer.status < 500 || answer.status === 503) unasked.add(attempt);
    throw refusalOf(deps, path, answer, role);
  }
  const { certificate, issuing_ca: issuing, ca_chain: above } = server.read(vaultSigned, answer.json, 'certificate').data;
  const [leaf, ...rest] = certificatesIn(server, [certificate, issuing, ...above]);
  if (leaf === undefined || certificate === '') throw server.unusable('it answers no certificate');
  const fault = leafFault(order, leaf);
  if (fault !== null) throw new HostmasterError('issuer-refused', `${server.name} signed a certificate ${fault}.`);
  return { outcome: 'issued', chain: usableChain(deps, leaf, rest, order) };
}

const noStapling = (name: string): HostmasterError =>
  new HostmasterError(
    'issuer-refused',
    `The PKI engine of ${name} has no way to require a stapled status (RFC 7633): leave mustStaple out.`,
  );

function askedSeconds(role: VaultRole | null, { hours = serverProfile.lifetimeDays * 24 }: Pick<CertificateOrder, 'hours'>): number {
  const wanted = hours * 3600;
  return role === null || role.max_ttl <= 0 ? wanted : Math.min(wanted, role.max_ttl);
}

function refusalOf({ server, place }: VaultOrderDeps, path: string, refusal: VaultRefusal, role: VaultRole | null): HostmasterError {
  if (refusal.status !== 400) return unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, refusal);
  if (refusal.errors.some((text) => text.startsWith('unknown role'))) return noRole(server.name, place);
  const unread = role === null ? ` What its role ${place.role} allows could not be read before: its policy does not let Hostmaster.` : '';
  return new HostmasterError('issuer-refused', `${server.name} refused: ${vaultWords(refusal)}${unread}`);
}
