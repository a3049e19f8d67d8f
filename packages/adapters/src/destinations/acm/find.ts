// Which certificate in an account of AWS is the one of a hostname: ACM names none, so that a tag says it.
import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import { arnOf, hostnameTagOf } from '@hostmaster/core/acm/import';
import { hostnameTag } from '@hostmaster/core/acm/policy';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { tagOf } from '../../issuers/acm/certificate.ts';
import { refusalIn } from '../../issuers/acm/client.ts';
import type { ImportClient } from './client.ts';

export type Ours = { readonly arn: string; readonly inUse: boolean };
export type Found = {
  /** Mostly one or none: what is in use before what is not, then the oldest, so that all who look choose the same. */
  readonly ours: readonly Ours[];
  /** Whether anything was listed by which the account was seen to be the one that was meant. */
  readonly isAccountSeen: boolean;
};

const listedAtOnce = 1000;

/** Errors: delivery-failed where the ARN is of another account or region than the destination is of. */
export function requireOwnAccount(arn: string, { name, place }: ImportClient): void {
  const found = arnOf(arn);
  if (found?.account === place.account && found.region === place.region) return;
  throw new HostmasterError(
    'delivery-failed',
    `${name} has ${foreignWords(arn)}, which is not in account ${place.account}, region ${place.region}: its access key is of another account. No private key goes there.`,
    { movesNext: platformAdmin },
  );
}

/** Whether it carries the tag of the hostname; not where it is gone. Errors: delivery-failed. */
export async function isOurs(client: ImportClient, arn: string, hostname: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await tagOf(client, arn, hostnameTag, signal)) === hostnameTagOf(hostname);
  } catch (error) {
    if (refusalIn(error) === 'ResourceNotFoundException') return false;
    throw error;
  }
}

/** What is ours for the hostname. Errors: delivery-failed. */
export async function find(client: ImportClient, hostname: string, signal: AbortSignal): Promise<Found> {
  const ours: (Ours & { readonly createdAt: number })[] = [];
  let isAccountSeen = false;
  let next: string | undefined;
  do {
    const command = new ListCertificatesCommand({
      // Left out, those with other keys than RSA of 2048 bits are, too.
      Includes: { keyTypes: ['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1'] },
      MaxItems: listedAtOnce,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const page = await client.call('acm:ListCertificates', (acm, options) => acm.send(command, options), signal);
    for (const { CertificateArn: arn, DomainName, SubjectAlternativeNameSummaries: names, ...one } of page.CertificateSummaryList ?? []) {
      if (arn === undefined) continue;
      requireOwnAccount(arn, client);
      isAccountSeen = true;
      // Of a hundred names no more are listed, and of some answers none.
      const mayHave =
        names === undefined || names.includes(hostname) || DomainName === hostname || one.HasAdditionalSubjectAlternativeNames;
      if (one.Type === 'AMAZON_ISSUED' || one.Type === 'PRIVATE' || !mayHave) continue;
      if (await isOurs(client, arn, hostname, signal))
        ours.push({ arn, inUse: one.InUse === true, createdAt: one.CreatedAt?.getTime() ?? 0 });
    }
    next = page.NextToken;
  } while (next !== undefined);
  ours.sort((a, b) => Number(b.inUse) - Number(a.inUse) || a.createdAt - b.createdAt || (a.arn < b.arn ? -1 : 1));
  return { ours, isAccountSeen };
}
