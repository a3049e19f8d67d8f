// One order at a vault, from whatever state it is found in to the next one that has to be waited for. A renewal is the next version under the same
// name, with a key of its own. What a vault makes under a name it makes once: an operation that is in progress is found again, and what is about to
// be asked for is stored before it is.
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { orderTag } from '@hostmaster/core/key-vault/setup';
import { isCompleted, isInProgress, overWords } from '@hostmaster/core/key-vault/words';
import { theIssuer } from '@hostmaster/core/operation/moves-next';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { sameNames } from '@hostmaster/core/pki/issued';
import type { CertificateOrder, Progress } from '@hostmaster/core/pki/issuer';
import { defaultContractKey } from '@hostmaster/core/pki/profile';
import { asSentence } from '@hostmaster/core/sentence';
import { type Bundle, bundleOf, fingerprintOf, isOurs, serialOf } from './certificate.ts';
import { create, freeTheName, giveUpOther } from './create.ts';
import { operationOf } from './operation.ts';
import { asked, type Found, held, issued, type KeyVaultResume, type OrderDeps, pending, trailOf } from './resume.ts';

const newSeconds = 10;
const progressSeconds = 30;

/** Errors: issuer-refused, issuer-unavailable. */
export async function askOn(deps: OrderDeps, order: CertificateOrder, resume: KeyVaultResume, signal: AbortSignal): Promise<Progress> {
  const { vault, saw } = deps;
  const bundle = await bundleOf(vault, resume.name, signal);
  const operation = bundle === null ? null : await operationOf(vault, resume.name, signal);
  // Of a version that is only being made, a vault need not show the tags yet.
  if (bundle?.cer !== undefined && !isOurs(bundle)) return held(deps, resume, 'The certificate', 'Delete and purge it there.');
  if (operation !== null) saw(trailOf(operation));
  const found = { bundle, operation };
  return resume.asked ? goOn(deps, order, resume, found, signal) : place(deps, order, resume, found, signal);
}

/** What stands there is looked at, and stored, before anything is asked for. */
async function place(
  deps: OrderDeps,
  order: CertificateOrder,
  resume: KeyVaultResume,
  found: Found,
  signal: AbortSignal,
): Promise<Progress> {
  const { bundle, operation } = found;
  const wait = bundle === null ? await freeTheName(deps, resume, signal) : null;
  if (wait !== null) return wait;
  if (bundle !== null && resume.after !== null && isNew(resume, bundle) && isOrdered(deps, order, bundle))
    return issued(deps, resume, bundle);
  const after = bundle?.cer === undefined ? null : fingerprintOf(bundle.cer);
  if (operation === null || !isInProgress(operation))
    return asked(deps, { ...resume, after, before: operation?.requestId ?? null, asked: true });
  // Of an earlier order: what it makes is taken where it is the same, and otherwise nobody wants it any more.
  const isSame = operation.names !== null && sameNames(operation.names, order.names) && madeKey(bundle) === keyOf(order);
  return isSame ? asked(deps, { ...resume, after, before: null, asked: true }) : giveUpOther(deps, resume, bundle, signal);
}

async function goOn(
  deps: OrderDeps,
  order: CertificateOrder,
  resume: KeyVaultResume,
  found: Found,
  signal: AbortSignal,
): Promise<Progress> {
  const { vault, settings } = deps;
  const { bundle } = found;
  const operation = found.operation?.requestId === resume.before ? null : found.operation;
  if (bundle !== null && isNew(resume, bundle)) {
    const isTagged = bundle.properties.tags?.[orderTag] === order.id;
    if (isTagged || (operation !== null && isCompleted(operation)) || isOrdered(deps, order, bundle)) return issued(deps, resume, bundle);
  }
  if (operation === null) return create(deps, order, resume, signal);
  const over = overWords(operation);
  if (over !== null) throw new HostmasterError('issuer-refused', `${vault.name} refused: ${over}`);
  if (!isInProgress(operation)) {
    const message = `${vault.name} says completed, and does not show the certificate yet.`;
    return pending(deps, resume, { message, movesNext: theIssuer, seconds: newSeconds });
  }
  const said = operation.details === '' ? '' : ` ${asSentence(foreignWords(operation.details))}`;
  const message = `${vault.name} says inProgress: the CA behind ${settings.issuer} is asked for the certificate.${said}`;
  return pending(deps, resume, { message, movesNext: theIssuer, seconds: progressSeconds });
}

/** Whether another leaf stands there than before. */
const isNew = ({ after }: KeyVaultResume, { cer }: Bundle): boolean => cer !== undefined && fingerprintOf(cer) !== after;

const keyOf = ({ key = defaultContractKey }: Pick<CertificateOrder, 'key'>): string => key;

/** Of the policy that a version is made by. */
function madeKey(bundle: Bundle | null): string {
  const { keyType, keyCurveName, keySize } = bundle?.policy ?? {};
  return keyType === 'EC' ? `ecdsa-${keyCurveName?.toLowerCase().replace('-', '')}` : `rsa-${keySize}`;
}

/** Whether what stands there is what is wanted, whoever had it made: a vault may renew by itself, and people in Azure may. */
function isOrdered({ vault, settings, now }: OrderDeps, order: CertificateOrder, { cer, policy }: Bundle): boolean {
  if (cer === undefined || serialOf(vault, { cer }) === null || policy?.issuerName !== settings.issuer) return false;
  const { subjectAltNames, keyAlgorithm, notAfter } = describeCertificate(cer);
  return sameNames(subjectAltNames, order.names) && keyAlgorithm === keyOf(order) && notAfter > now();
}
