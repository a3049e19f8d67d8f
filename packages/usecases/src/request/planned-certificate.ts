// What a plan says of the certificate: what becomes of the one in use, and what the next one will be.

import { createHash } from 'node:crypto';
import type { Plan } from '@hostmaster/core/contract/plan';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { defaultContractKey, keyName, profileNamed, serverProfile } from '@hostmaster/core/pki/profile';
import { sourceTraits } from '@hostmaster/core/pki/source-traits';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { dayOf } from '@hostmaster/core/said-time';
import { inUse } from '@hostmaster/db/state-lists';
import { fittingIssuer } from '../certificate/choose-issuer.ts';
import { certificateNames, daysForNewKey, fittingCertificate, isLetGo, orderedFor, reasonToRevoke } from '../certificate/fitting.ts';
import type { Ctx } from '../context.ts';
import type { Site } from './propose.ts';

type Planned = { readonly certificate: Plan['certificate']; readonly notes: readonly string[] };

/** A change that leaves names, team and key as they are keeps the certificate. */
export async function planCertificate(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  { kind, contract }: { readonly kind: RequestKind; readonly contract: AdmittedContract },
  { endpoint }: Pick<Site, 'endpoint'>,
): Promise<Planned> {
  const held = endpoint === null || endpoint.state === 'retired' ? null : endpoint;
  if (contract.tls.termination === 'none')
    return { certificate: null, notes: held === null || (await certificateInUse(ctx, held)) === null ? [] : [revoked] };
  const described = await describe(ctx, contract);
  if (kind === 'retire') return { certificate: { action: 'revoke', ...described }, notes: [revoked] };
  const fitting = held === null ? null : await fittingCertificate(ctx.db, held.id, contract);
  if (fitting !== null) {
    const due = fitting.renewAfter <= ctx.clock.now();
    return { certificate: { action: 'keep', ...described }, notes: [due ? isDue : 'The certificate stays as it is.'] };
  }
  const replaced = held === null ? null : await certificateInUse(ctx, held);
  return {
    certificate: { action: 'issue', ...described },
    notes: [...(replaced === null ? [] : [replacedNote(replaced, contract)]), ...notTaken(contract)],
  };
}

const revoked = 'The certificate is revoked and no longer served.';
const isDue = 'The certificate is due for renewal: another one like it takes its place.';

/** What is served until another one is. */
const certificateInUse = ({ db }: Pick<Ctx, 'db'>, { id }: { readonly id: string }) =>
  db.certificate.findFirst({
    where: { endpointId: id, state: { in: inUse } },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    select: { serial: true, notAfter: true, order: { select: orderedFor } },
  });
type InUse = NonNullable<Awaited<ReturnType<typeof certificateInUse>>>;

function replacedNote({ serial, notAfter, order }: InUse, contract: AdmittedContract): string {
  const reason = reasonToRevoke(order, contract);
  const takes = `Another certificate takes the place of serial ${serial.slice(0, 8)}…, which is`;
  if (reason !== null && isLetGo(reason)) return `${takes} served until the new one is, and is revoked as soon as that is issued.`;
  const then = reason === null ? `stays valid until ${dayOf(notAfter)}` : 'is revoked';
  const atLast =
    reason === null || order.keyId !== null
      ? ''
      : `; it is revoked ${daysForNewKey} days after the new one is issued at the latest, whether that one is installed by then or not`;
  return `${takes} served until the new one is, and then ${then}${atLast}.`;
}

/** What a CSR asks for and no certificate holds because of it. */
function notTaken({ tls: { csr } }: AdmittedContract): readonly string[] {
  const wishes = csr === undefined ? [] : parseCsr(csr).notTaken;
  if (wishes.length === 0) return [];
  return [
    `Of the CSR, the names and the key count. Not taken from it, because the profile of the certificate decides: ${wishes.join(', ')}.`,
  ];
}

async function describe(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  contract: AdmittedContract,
): Promise<Omit<NonNullable<Plan['certificate']>, 'action'>> {
  const { source, key = defaultContractKey, csr } = contract.tls;
  const names = certificateNames(contract);
  const issuer = await fittingIssuer(ctx, source, names);
  const profile = profileNamed(issuer?.profile ?? serverProfile.name);
  const publicKey = csr === undefined ? null : parseCsr(csr).publicKey;
  return {
    names,
    source,
    // An internal CA of a zone that was not read yet is still to be made.
    issuer: issuer?.name ?? source,
    profile: profile.name,
    days: sourceTraits[source].madeHere ? profile.lifetimeDays : null,
    key: publicKey === null ? key : keyName(publicKey),
    keyHolder: publicKey === null ? 'hostmaster' : 'requester',
    publicKey: publicKey === null ? null : createHash('sha256').update(publicKey.spki).digest('hex'),
  };
}
