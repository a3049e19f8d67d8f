// The certificate of one hostname in ACM: imported with a tag, again and again under the ARN that it has, so that load balancers that were told
// that ARN serve each renewal; seen and deleted only where it has the tag.
import { createHash } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-acm';
import { importFault, keyTypeOf, sameKeyType } from '@hostmaster/core/acm/import';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { clusterOperator, theTeam } from '@hostmaster/core/operation/moves-next';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type CertificateDestination, type Delivery, isDeliverable, requireDeliverable } from '@hostmaster/core/pki/destination';
import { chainOf, describe } from '../../issuers/acm/certificate.ts';
import type { ImportClient } from './client.ts';
import { find, isOurs, requireOwnAccount } from './find.ts';
import { discard, importPair, showAccount, tagsFor } from './import.ts';

/** One call after the other fit into it, also where ACM is busy and each is made three times. */
const operationMilliseconds = 40_000;
const deadline = (): AbortSignal => AbortSignal.timeout(operationMilliseconds);

type Place = {
  readonly client: ImportClient;
  /** What the settings add to its own tags. */
  readonly tags: readonly Tag[];
  /** Base URL of the portal, for whoever finds the certificate. */
  readonly portal: string;
  readonly now: () => Date;
};

/** Errors of its operations: invalid-input for a hostile name; delivery-failed. */
export function importedDestination({ client, tags, portal, now }: Place): CertificateDestination {
  const { name } = client;
  /** By hostname, what was found: a list of a whole account is not read for each look. */
  const remembered = new Map<string, string>();

  async function arnOf(hostname: string, signal: AbortSignal): Promise<string | null> {
    const known = remembered.get(hostname);
    if (known !== undefined && (await isOurs(client, known, hostname, signal))) return known;
    const [first] = (await find(client, hostname, signal)).ours;
    return remember(hostname, first?.arn ?? null);
  }
  function remember(hostname: string, arn: string | null): string | null {
    if (arn === null) remembered.delete(hostname);
    else remembered.set(hostname, arn);
    return arn;
  }

  const usedBy = async (arn: string, signal: AbortSignal): Promise<readonly string[]> =>
    ((await describe(client, arn, signal))?.InUseBy ?? []).map(foreignWords);

  /** The ARN to import under; null where there is none, or no longer: a key of another kind ACM takes under none that has one. Errors: delivery-failed where that is in use. */
  async function arnFor({ hostname, fullchainPem }: Delivery, signal: AbortSignal): Promise<string | null> {
    const arn = await arnOf(hostname, signal);
    const found = arn === null ? null : await describe(client, arn, signal);
    if (arn === null || found === null) return null;
    const [leaf = new Uint8Array()] = splitPem(fullchainPem);
    const [had = '', wanted = ''] = [found.KeyAlgorithm, keyTypeOf(leaf) ?? ''];
    if (sameKeyType(had, wanted)) return arn;
    const users = (found.InUseBy ?? []).map(foreignWords);
    if (users.length === 0 && (await discard(client, arn, signal))) return null;
    const message = `${arn} at ${name} has a key of the kind ${foreignWords(had)}, which ACM changes under no ARN, and the next certificate has ${wanted}. It is in use by ${users.join(', ') || 'something'}: have that let go of it, and it becomes another ARN; or ask for the former kind of key as tls.key.`;
    throw new HostmasterError('delivery-failed', message, { movesNext: theTeam });
  }

  /** Where several had nothing and each imported, all keep the one that all of them choose. */
  async function settle(delivery: Delivery, arn: string, signal: AbortSignal): Promise<string> {
    const { ours } = await find(client, delivery.hostname, signal);
    const kept = ours[0]?.arn ?? arn;
    if (kept !== arn) await importPair(client, delivery, { arn: kept, tags }, signal);
    for (const each of [...ours.map((one) => one.arn), arn]) if (each !== kept) await discard(client, each, signal);
    return kept;
  }

  return {
    async held(hostname) {
      if (!isDeliverable(hostname)) return null;
      const signal = deadline();
      const arn = await arnOf(hostname, signal);
      const [leaf] = arn === null ? [] : ((await chainOf(client, arn, now(), signal)) ?? []);
      return leaf === undefined ? null : createHash('sha256').update(leaf).digest('hex');
    },

    async deliver(delivery) {
      const { hostname, fullchainPem } = delivery;
      requireDeliverable(hostname);
      const fault = importFault(splitPem(fullchainPem));
      if (fault !== null) throw new HostmasterError('delivery-failed', fault, { movesNext: theTeam });
      const signal = deadline();
      const arn = await arnFor(delivery, signal);
      if (arn !== null) return void (await importPair(client, delivery, { arn, tags }, signal));
      if (!(await find(client, hostname, signal)).isAccountSeen) await showAccount(client, portal, now(), signal);
      const made = await importPair(client, delivery, { arn: null, tags: tagsFor(hostname, portal, tags) }, signal);
      requireOwnAccount(made, client);
      remember(hostname, await settle(delivery, made, signal));
    },

    async withdraw(hostname) {
      requireDeliverable(hostname);
      const signal = deadline();
      for (const { arn } of (await find(client, hostname, signal)).ours) {
        const users = await usedBy(arn, signal);
        if (users.length === 0 && (await discard(client, arn, signal))) continue;
        throw new HostmasterError(
          'delivery-failed',
          `${arn} at ${name} is in use by ${users.join(', ') || 'something'}, and ACM deletes nothing that is in use. Take it out there; it is deleted then.`,
          { movesNext: clusterOperator(name) },
        );
      }
      remember(hostname, null);
    },

    async calledThere(hostname) {
      if (!isDeliverable(hostname)) return null;
      const signal = deadline();
      const arn = await arnOf(hostname, signal);
      return arn === null ? null : { reference: arn, usedBy: await usedBy(arn, signal) };
    },
  };
}
