// Asking ACM for a certificate once: for an hour it knows a repeated request by its token, and after that it is looked through for the tag of the
// order, so that an answer that was lost makes no second one.
import { createHash } from 'node:crypto';
import {
  DeleteCertificateCommand,
  type KeyAlgorithm,
  ListCertificatesCommand,
  RequestCertificateCommand,
  type RequestCertificateCommandInput,
} from '@aws-sdk/client-acm';
import { type AcmPlace, orderTag } from '@hostmaster/core/acm/policy';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { operator } from '@hostmaster/core/operation/moves-next';
import { sameNames } from '@hostmaster/core/pki/issued';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { type ContractKey, defaultContractKey } from '@hostmaster/core/pki/profile';
import { describe, orderOf } from './certificate.ts';
import type { AcmClient } from './client.ts';

export type Requesting = {
  readonly client: AcmClient;
  readonly place: AcmPlace;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
};

/** Those that ACM makes; others it only imports. */
const keyAlgorithms: Readonly<Partial<Record<ContractKey, KeyAlgorithm>>> = {
  'ecdsa-p256': 'EC_prime256v1',
  'ecdsa-p384': 'EC_secp384r1',
  'rsa-2048': 'RSA_2048',
};
/** ub-common-name of RFC 5280 appendix A, which ACM keeps for the first name. */
const longestFirstName = 64;
const listedAtOnce = 1000;

export function keyOf({ key = defaultContractKey }: Pick<CertificateOrder, 'key'>): KeyAlgorithm {
  const algorithm = keyAlgorithms[key];
  if (algorithm !== undefined) return algorithm;
  throw new HostmasterError(
    'issuer-refused',
    `ACM makes no ${key} key, only ${Object.keys(keyAlgorithms).join(', ')}. Choose one of those.`,
  );
}

/** What a request names first, and what beside that. Errors: issuer-refused. */
export function namesOf({ names }: Pick<CertificateOrder, 'names'>): { readonly first: string; readonly others: readonly string[] } {
  const first = names.find((name) => name.length <= longestFirstName);
  if (first !== undefined) return { first, others: names.filter((name) => name !== first) };
  const message = `ACM needs one name of at most ${longestFirstName} characters, and ${names.join(', ')} is longer. Add a shorter one.`;
  throw new HostmasterError('issuer-refused', message);
}

/** @param attempt so many requests came to nothing before. Letters and digits, at most 32 (IdempotencyToken) */
export const tokenOf = (orderId: string, attempt: number): string =>
  createHash('sha256').update(`${orderId} ${attempt}`).digest('hex').slice(0, 32);

/** The ARN of what was requested, now or by the same attempt before. Errors: issuer-refused, issuer-unavailable. */
export async function request(deps: Requesting, order: CertificateOrder, attempt: number, signal: AbortSignal): Promise<string> {
  const { client, place, tags } = deps;
  const { first, others } = namesOf(order);
  const input: RequestCertificateCommandInput = {
    DomainName: first,
    ...(others.length === 0 ? {} : { SubjectAlternativeNames: [...others] }),
    ValidationMethod: 'DNS',
    IdempotencyToken: tokenOf(order.id, attempt),
    KeyAlgorithm: keyOf(order),
    Tags: [{ Key: orderTag, Value: order.id }, ...tags],
  };
  const command = new RequestCertificateCommand(input);
  const { CertificateArn: arn } = await client.call('acm:RequestCertificate', (acm, options) => acm.send(command, options), signal);
  if (arn === undefined) throw new HostmasterError('issuer-unavailable', `${client.name} does not say what it made of the request.`);
  const [, , , region, account] = arn.split(':');
  if (region === place.region && account === place.account) return arn;
  const gone = await remove(client, arn, signal).then(
    () => 'What was ordered there is deleted.',
    (error: unknown) => {
      if (!(error instanceof HostmasterError)) throw error;
      return `What was ordered there, ${arn}, is not deleted: ${error.message}`;
    },
  );
  throw new HostmasterError(
    'issuer-unavailable',
    `${client.name} orders in account ${foreignWords(account ?? '')}, region ${foreignWords(region ?? '')}, and not in ${place.account}, ${place.region}: its access key is of another account. ${gone}`,
    { movesNext: operator },
  );
}

/** Errors: as of `AcmClient`; what ACM itself said stands behind them (`refusalIn`). */
export async function remove(client: AcmClient, arn: string, signal: AbortSignal): Promise<void> {
  const command = new DeleteCertificateCommand({ CertificateArn: arn });
  await client.call('acm:DeleteCertificate', (acm, options) => acm.send(command, options), signal);
}

/** The ARN of what an earlier attempt has requested for the order; null where none has. Errors: issuer-refused, issuer-unavailable. */
export async function lookFor({ client }: Requesting, order: CertificateOrder, signal: AbortSignal): Promise<string | null> {
  const { first } = namesOf(order);
  let next: string | undefined;
  do {
    const command = new ListCertificatesCommand({
      // Left out, those with other keys than RSA of 2048 bits are, too.
      Includes: { keyTypes: [keyOf(order)] },
      MaxItems: listedAtOnce,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const page = await client.call('acm:ListCertificates', (acm, options) => acm.send(command, options), signal);
    for (const { CertificateArn: arn, DomainName } of page.CertificateSummaryList ?? []) {
      if (arn === undefined || DomainName !== first || (await orderOf(client, arn, signal)) !== order.id) continue;
      const found = await describe(client, arn, signal);
      if (found !== null && sameNames(found.SubjectAlternativeNames ?? [], order.names) && isUsable(found.Status)) return arn;
    }
    next = page.NextToken;
  } while (next !== undefined);
  return null;
}

const isUsable = (status: string | undefined): boolean => status === 'PENDING_VALIDATION' || status === 'ISSUED';
