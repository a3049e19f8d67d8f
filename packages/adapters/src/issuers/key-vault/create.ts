// Asking a vault for the next version of a certificate, and what is to be done before it can be: a vault makes one at a time under a name, and holds
// the name of what was deleted.
import { isRestError } from '@azure/core-rest-pipeline';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { orderTag } from '@hostmaster/core/key-vault/setup';
import { hostmaster, theIssuer } from '@hostmaster/core/operation/moves-next';
import type { CertificateOrder, Progress } from '@hostmaster/core/pki/issuer';
import { asSentence } from '@hostmaster/core/sentence';
import { refusalOf } from '../../destinations/key-vault/vault-error.ts';
import { type Bundle, isOurs, recoverOurs } from './certificate.ts';
import { policyOf } from './policy.ts';
import { held, type KeyVaultResume, type OrderDeps, pending } from './resume.ts';

const newSeconds = 10;
const conflictSeconds = 60;

/** Where none of the name is there: one of ours that was deleted is had back. Null: nothing holds the name. Errors: as of `Vault`. */
export async function freeTheName(deps: OrderDeps, resume: KeyVaultResume, signal: AbortSignal): Promise<Progress | null> {
  const { vault } = deps;
  const was = await recoverOurs(vault, resume.name, signal);
  if (was === 'recovered') return pending(deps, resume, { message: `${vault.name} has it back.`, movesNext: hostmaster, seconds: 0 });
  const purge = `az keyvault certificate purge --id ${vault.origin}/deletedcertificates/${resume.name}`;
  return was === 'foreign' ? held(deps, resume, 'The deleted certificate', `Its name is held until it is purged: ${purge}`) : null;
}

/** An operation in progress that makes what nobody wants any more. Errors: as of `Vault`. */
export async function giveUpOther(deps: OrderDeps, resume: KeyVaultResume, bundle: Bundle | null, signal: AbortSignal): Promise<Progress> {
  const { vault } = deps;
  if (bundle === null || !isOurs(bundle)) {
    const remedy = `Delete it there: az keyvault certificate pending delete --id ${vault.origin}/certificates/${resume.name}`;
    return held(deps, resume, 'The operation of', remedy);
  }
  await vault.call(
    'delete the operation of a certificate',
    (client, options) => client.deleteCertificateOperation(resume.name, options),
    signal,
  );
  const message = `${vault.name} was making one that nobody wants any more; that is given up.`;
  return pending(deps, resume, { message, movesNext: hostmaster, seconds: 0 });
}

/** Errors: issuer-refused, issuer-unavailable. */
export async function create(deps: OrderDeps, order: CertificateOrder, resume: KeyVaultResume, signal: AbortSignal): Promise<Progress> {
  const { vault, settings } = deps;
  const policy = policyOf(order, settings);
  const tags = { [orderTag]: order.id };
  try {
    await vault.call(
      'create a certificate',
      async (client, options) => {
        let isTaken = false;
        const onResponse = ({ status }: { readonly status: number }) => {
          isTaken ||= status === 202;
        };
        try {
          await client.beginCreateCertificate(resume.name, policy, { tags, ...options, onResponse });
        } catch (error) {
          // The client looks at once how far it is, and throws the words of one that came to nothing already: the next look has all of them.
          if (!isTaken || isRestError(error)) throw error;
        }
      },
      signal,
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status !== 409) throw error;
    return conflict(deps, resume, refusal.message);
  }
  return pending(deps, resume, { message: `${vault.name} is asked for the certificate.`, movesNext: theIssuer, seconds: newSeconds });
}

/** Looked at anew: an operation that somebody began meanwhile shows then. */
function conflict(deps: OrderDeps, resume: KeyVaultResume, said: string): Progress {
  const { vault } = deps;
  const holds = /inProgress/i.test(said)
    ? 'Until that is over, no other one is made.'
    : 'A key or a secret of that name, deleted or not, holds it, too. Where it is deleted, purge it, or wait until the vault has.';
  const message = `The name ${resume.name} is not free in ${vault.name}: ${asSentence(foreignWords(said))} ${holds}`;
  return pending(deps, { ...resume, asked: false }, { message, movesNext: vault.use.runs(vault.name), seconds: conflictSeconds });
}
