// One import into ACM: anew with the tag of its hostname, or again under the ARN that it has, which load balancers go on with.
import { randomUUID } from 'node:crypto';
import { ImportCertificateCommand, type Tag } from '@aws-sdk/client-acm';
import { hostnameTagOf } from '@hostmaster/core/acm/import';
import { hostnameTag } from '@hostmaster/core/acm/policy';
import { HostmasterError } from '@hostmaster/core/errors';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import { splitPem, toPem } from '@hostmaster/core/pki/chain';
import { refusalIn } from '../../issuers/acm/client.ts';
import { remove } from '../../issuers/acm/request.ts';
import type { ImportClient } from './client.ts';
import { requireOwnAccount } from './find.ts';
import { placeholder } from './placeholder.ts';

type Pair = { readonly fullchainPem: string; readonly privateKeyPem: string };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What everything of ours carries: whose it is, who has put it there, and what the settings add. */
export const tagsFor = (hostname: string, portal: string, more: readonly Tag[]): readonly Tag[] => [
  { Key: hostnameTag, Value: hostnameTagOf(hostname) },
  { Key: 'hostmaster-portal', Value: portal },
  ...more,
];

/**
 * @param arn imported again under it, which keeps its tags; null: anew @param tags of what is imported anew
 * @returns the ARN. Errors: delivery-failed.
 */
export async function importPair(
  client: ImportClient,
  { fullchainPem, privateKeyPem }: Pair,
  { arn, tags }: { readonly arn: string | null; readonly tags: readonly Tag[] },
  signal: AbortSignal,
): Promise<string> {
  const [leaf = new Uint8Array(), ...above] = splitPem(fullchainPem);
  const command = new ImportCertificateCommand({
    Certificate: bytes(toPem(leaf)),
    PrivateKey: bytes(privateKeyPem),
    // From the CA that signed the leaf upwards, without the leaf.
    ...(above.length === 0 ? {} : { CertificateChain: bytes(above.map((der) => toPem(der)).join('')) }),
    ...(arn === null ? { Tags: [...tags] } : { CertificateArn: arn }),
  });
  const answer = await client.call('acm:ImportCertificate', (acm, options) => acm.send(command, options), signal);
  if (answer.CertificateArn !== undefined) return answer.CertificateArn;
  throw new HostmasterError('delivery-failed', `${client.name} does not say what it made of the import.`, {
    movesNext: clusterOperator(client.name),
  });
}

/**
 * In an account without any certificate nothing shows whose access key it is, which the portal says and the host of the worker does not: a
 * key of nobody is imported and deleted there first, and its ARN names the account. Errors: delivery-failed where that is another one.
 */
export async function showAccount(client: ImportClient, portal: string, now: Date, signal: AbortSignal): Promise<void> {
  const name = `${randomUUID()}.invalid`;
  const arn = await importPair(client, await placeholder(name, now), { arn: null, tags: tagsFor(name, portal, []) }, signal);
  await discard(client, arn, signal);
  requireOwnAccount(arn, client);
}

/** Deletes what nothing uses; what is gone, or in use after all, is left. @returns whether it is gone. Errors: delivery-failed. */
export async function discard(client: ImportClient, arn: string, signal: AbortSignal): Promise<boolean> {
  try {
    await remove(client, arn, signal);
    return true;
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === 'ResourceInUseException') return false;
    if (refusal === 'ResourceNotFoundException') return true;
    throw error;
  }
}
