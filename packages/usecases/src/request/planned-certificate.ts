// What a plan says of the certificate: what becomes of the one in use, and what the next one will be.

import { createHash } from 'node:crypto';
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { Plan } from '@hostmaster/core/contract/plan';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { hour } from '@hostmaster/core/duration';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { contentOf, otherNames, serverContent } from '@hostmaster/core/pki/leaf-content';
import { asDaysOrHours, hoursAskedFor, hoursInWords } from '@hostmaster/core/pki/lifetime';
import { defaultContractKey, keyName, profileNamed, serverProfile } from '@hostmaster/core/pki/profile';
import { endOf } from '@hostmaster/core/pki/renewal';
import { isBrought, sourceTraits, takesBrought, tellsUse } from '@hostmaster/core/pki/source-traits';
import { signingValidity } from '@hostmaster/core/pki/succession';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { dayOf, minuteOf } from '@hostmaster/core/said-time';
import { inUse } from '@hostmaster/db/state-lists';
import { ordersHeld } from '../certificate/bound-orders.ts';
import { fittingIssuer } from '../certificate/choose-issuer.ts';
import { certificateNames, daysForNewKey, fittingCertificate, isLetGo, orderedFor, reasonToRevoke } from '../certificate/fitting.ts';
import type { Ctx } from '../context.ts';
import { placeOf, placeWords } from '../destination/serving.ts';
import type { Site } from './propose.ts';

type Planned = { readonly certificate: Plan['certificate']; readonly notes: readonly string[] };

/** A change that leaves names, team and key as they are keeps the certificate. */
export async function planCertificate(
  ctx: Pick<Ctx, 'db' | 'clock' | 'destinationKinds'>,
  { kind, contract }: { readonly kind: RequestKind; readonly contract: AdmittedContract },
  { endpoint }: Pick<Site, 'endpoint'>,
): Promise<Planned> {
  const held = endpoint === null || endpoint.state === 'retired' ? null : endpoint;
  if (contract.tls.termination === 'none') return { certificate: null, notes: await endingNotes(ctx, held) };
  const described = await describe(ctx, contract);
  const delivered = await deliveredNote(ctx, contract);
  if (kind === 'retire')
    return {
      certificate: { action: 'revoke', ...described },
      notes: isCertificateOnly(contract) ? [revokedAlone] : await endingNotes(ctx, held, [revoked]),
    };
  const fitting = held === null ? null : await fittingCertificate(ctx.db, held.id, contract);
  if (fitting !== null) {
    const due = !takesBrought(contract) && fitting.renewAfter <= ctx.clock.now();
    return { certificate: { action: 'keep', ...described }, notes: [due ? isDue : 'The certificate stays as it is.', ...delivered] };
  }
  const replaced = held === null ? null : await certificateInUse(ctx, held);
  return {
    certificate: { action: 'issue', ...described },
    notes: [
      ...(replaced === null ? [] : [replacedNote(replaced, contract)]),
      ...(await heldNote(ctx, held, contract)),
      ...(await cutShort(ctx, contract)),
      ...(takesBrought(contract) ? [toImport(contract)] : []),
      ...delivered,
      ...notTaken(contract),
    ],
  };
}

/** Where it is handed to, where that is a destination that somebody connected. */
async function deliveredNote(ctx: Pick<Ctx, 'db' | 'destinationKinds'>, contract: AdmittedContract): Promise<readonly string[]> {
  if (contract.tls.csr !== undefined || sourceTraits[contract.tls.source].keepsKey) return [];
  const place = await placeOf(ctx.db, ctx, contract);
  if (place === null || place.destinationId === null) return [];
  const { slug } = await ctx.db.destination.findUniqueOrThrow({ where: { id: place.destinationId }, select: { slug: true } });
  return [`The certificate is delivered to ${slug}, as the Secret ${placeWords(place, contract.hostname)}.`];
}

/** Nobody sees whether it is served. */
const revokedAlone = 'The certificate is revoked.';
const revoked = 'The certificate is revoked and no longer served.';
const deletedThere = 'The certificate is deleted at its issuer, with its key, once nothing uses it there; until then the end waits.';
const deletedAtOnce =
  'The certificate is deleted at its issuer, with its key; the issuer does not say what uses it, so have that take another one before.';
const revokedElsewhere = 'The certificate is no longer served. Hostmaster cannot revoke it: whoever bought it has that done by its CA.';

/** @param none where no certificate is in use */
async function endingNotes(ctx: Pick<Ctx, 'db'>, held: Site['endpoint'], none: readonly string[] = []): Promise<readonly string[]> {
  const ending = held === null ? null : await certificateInUse(ctx, held);
  if (ending === null) return none;
  if (keyHolderOf(ending.order) === 'issuer') return [tellsUse(ending.issuer.kind) ? deletedThere : deletedAtOnce];
  return [isBrought(ending.issuer.kind) ? revokedElsewhere : revoked];
}

const isDue = 'The certificate is due for renewal: another one like it takes its place.';

const toImport = ({ team }: AdmittedContract): string =>
  `Hostmaster gets no certificate: ${team} imports one, with its key, and the next one before that ends.`;

/** What is served until another one is. */
const certificateInUse = ({ db }: Pick<Ctx, 'db'>, { id }: { readonly id: string }) =>
  db.certificate.findFirst({
    where: { endpointId: id, state: { in: inUse } },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    select: { serial: true, notBefore: true, notAfter: true, issuer: { select: { kind: true } }, order: { select: orderedFor } },
  });
type InUse = NonNullable<Awaited<ReturnType<typeof certificateInUse>>>;

function replacedNote(held: InUse, contract: AdmittedContract): string {
  const { serial, order } = held;
  const reason = reasonToRevoke(order, contract);
  if (isCertificateOnly(contract) && (reason === null || !isLetGo(reason)))
    return `Another certificate takes the place of serial ${serial.slice(0, 8)}…, which stays valid until ${endOf(held)}.`;
  const takes = `Another certificate takes the place of serial ${serial.slice(0, 8)}…, which is`;
  if (reason !== null && isLetGo(reason)) return `${takes} served until the new one is, and is revoked as soon as that is issued.`;
  const then = reason === null ? `stays valid until ${endOf(held)}` : 'is revoked';
  const atLast =
    reason === null || keyHolderOf(order) !== 'requester'
      ? ''
      : `; it is revoked ${daysForNewKey} days after the new one is issued at the latest, whether that one is installed by then or not`;
  return `${takes} served until the new one is, and then ${then}${atLast}.`;
}

/** So many were ordered of late that the next one waits. */
async function heldNote(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  endpoint: Site['endpoint'],
  contract: AdmittedContract,
): Promise<readonly string[]> {
  if (endpoint === null || takesBrought(contract)) return [];
  const held = await ordersHeld(ctx, endpoint.id, certificateNames(contract), hoursAskedFor(contract.tls));
  if (held === null) return [];
  return [
    `${held.most} certificates of it were ordered within ${held.words}: this one is ordered at ${minuteOf(held.until)}, and not before.`,
  ];
}

/** No certificate is valid for longer than the CA that signed it, nor than whoever runs that lets one be. */
async function cutShort(ctx: Pick<Ctx, 'db' | 'clock'>, contract: AdmittedContract): Promise<readonly string[]> {
  const hours = hoursAskedFor(contract.tls);
  if (hours === null || takesBrought(contract)) return [];
  const issuer = await fittingIssuer(ctx, contract.tls.source, certificateNames(contract), { content: contentOf(contract.tls), hours });
  const longest = issuer?.longestHours ?? null;
  if (issuer !== null && longest !== null && longest < hours)
    return [
      `${issuer.name} gives at most ${hoursInWords(longest)}, as a worker last saw: the certificate ends after these, before the ${hoursInWords(hours)} are over.`,
    ];
  if (!sourceTraits[contract.tls.source].madeHere) return [];
  const end = issuer === null ? null : (signingValidity(issuer.chainPem)?.notAfter ?? null);
  if (issuer === null || end === null || end.getTime() >= ctx.clock.now().getTime() + hours * hour) return [];
  return [
    `${issuer.name} ends on ${dayOf(end)}, and no certificate outlives who signed it: this one ends with it, before the ${hoursInWords(hours)} are over. The next one is of a CA that lasts longer.`,
  ];
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
  const content = contentOf(contract.tls);
  const issuer = await fittingIssuer(ctx, source, names, { content, hours: hoursAskedFor(contract.tls) });
  const profile = profileNamed(issuer?.profile ?? serverProfile.name);
  const publicKey = csr === undefined ? null : parseCsr(csr).publicKey;
  return {
    names: [...names, ...otherNames(content)],
    source,
    // An internal CA of a zone that was not read yet is still to be made.
    issuer: issuer?.name ?? source,
    profile: profile.name,
    ...(sourceTraits[source].madeHere ? asDaysOrHours(hoursAskedFor(contract.tls) ?? profile.lifetimeDays * 24) : { days: null }),
    ...(content.usages.join() === serverContent.usages.join() ? {} : { usages: [...content.usages] }),
    ...(content.mustStaple ? { mustStaple: true as const } : {}),
    key: publicKey === null ? (takesBrought(contract) ? (contract.tls.key ?? 'any') : key) : keyName(publicKey),
    keyHolder: publicKey !== null ? 'requester' : sourceTraits[source].keepsKey ? 'issuer' : 'hostmaster',
    publicKey: publicKey === null ? null : createHash('sha256').update(publicKey.spki).digest('hex'),
  };
}
