// One certificate as ACM has it, as far as anybody here looks at it.
import {
  type CertificateDetail,
  DescribeCertificateCommand,
  type DomainValidation,
  GetCertificateCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import { orderTag } from '@hostmaster/core/acm/policy';
import { renewalFault } from '@hostmaster/core/acm/words';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { isTrustAnchor, splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { KeptRenewal } from '@hostmaster/core/pki/kept';
import type { AliasProof } from '@hostmaster/core/pki/standing-proofs';
import { type AcmClient, refusalIn } from './client.ts';

/** Null where ACM knows none of the ARN. Errors: as of `AcmClient`. */
export async function describe(client: AcmClient, arn: string, signal: AbortSignal): Promise<CertificateDetail | null> {
  const command = new DescribeCertificateCommand({ CertificateArn: arn });
  try {
    const { Certificate } = await client.call('acm:DescribeCertificate', (acm, options) => acm.send(command, options), signal);
    return Certificate ?? null;
  } catch (error) {
    if (refusalIn(error) === 'ResourceNotFoundException') return null;
    throw error;
  }
}

/** DER, leaf first, the root left out; null while it is not signed. Errors: as of `AcmClient`. */
export async function chainOf(client: AcmClient, arn: string, now: Date, signal: AbortSignal): Promise<readonly Uint8Array[] | null> {
  const command = new GetCertificateCommand({ CertificateArn: arn });
  try {
    const answer = await client.call('acm:GetCertificate', (acm, options) => acm.send(command, options), signal);
    const { Certificate: leaf = '', CertificateChain: above = '' } = answer;
    return readChain(client, `${leaf}\n${above}`, now);
  } catch (error) {
    if (refusalIn(error) === 'RequestInProgressException') return null;
    throw error;
  }
}

/** A root is known to whoever trusts it, and is not served (RFC 8446 §4.4.2). */
function readChain({ name, use }: AcmClient, pem: string, now: Date): readonly Uint8Array[] {
  try {
    return splitPem(pem).filter((der) => !isTrustAnchor(der, now));
  } catch (cause) {
    if (!(cause instanceof HostmasterError)) throw cause;
    const message = `What ${name} answers is no certificate: ${cause.message}`;
    throw new HostmasterError(use.unavailable, message, { cause, movesNext: use.runs(name) });
  }
}

/** Upper-case hex of the leaf; null where there is none. */
export const serialOf = ([leaf]: readonly Uint8Array[]): string | null => (leaf === undefined ? null : describeCertificate(leaf).serial);

/** The value of a tag; null where it has none of the name. Errors: as of `AcmClient`. */
export async function tagOf(client: AcmClient, arn: string, name: string, signal: AbortSignal): Promise<string | null> {
  const command = new ListTagsForCertificateCommand({ CertificateArn: arn });
  const { Tags = [] } = await client.call('acm:ListTagsForCertificate', (acm, options) => acm.send(command, options), signal);
  return Tags.find(({ Key }) => Key === name)?.Value ?? null;
}

/** The order that a certificate was requested for; null where Hostmaster did not request it. Errors: issuer-refused, issuer-unavailable. */
export const orderOf = (client: AcmClient, arn: string, signal: AbortSignal): Promise<string | null> =>
  tagOf(client, arn, orderTag, signal);

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The aliases that ACM looks for, each once: a wildcard and the name that it stands below have one. Null while it has not said all of them. */
export function aliasesOf(validations: readonly DomainValidation[]): readonly AliasProof[] | null {
  const aliases = new Map<string, AliasProof>();
  for (const { ResourceRecord: record } of validations) {
    if (record?.Name === undefined || record.Value === undefined) return null;
    const name = withoutDot(record.Name);
    aliases.set(name, { name, target: withoutDot(record.Value) });
  }
  return aliases.size === 0 ? null : [...aliases.values()];
}

/** Names that ACM has not seen proved. */
export const unproved = (validations: readonly DomainValidation[]): readonly string[] =>
  validations.flatMap(({ DomainName, ValidationStatus }) =>
    ValidationStatus === 'SUCCESS' || DomainName === undefined ? [] : [foreignWords(DomainName)],
  );

export function renewalOf({ RenewalEligibility: eligibility, RenewalSummary: summary }: CertificateDetail): KeptRenewal {
  const status = summary?.RenewalStatus ?? null;
  const why = renewalFault({
    eligibility: eligibility ?? null,
    status,
    reason: summary?.RenewalStatusReason ?? null,
    unproved: unproved(summary?.DomainValidationOptions ?? []),
  });
  return {
    eligible: eligibility === undefined ? null : eligibility === 'ELIGIBLE',
    status: status === null ? null : foreignWords(status),
    why,
  };
}
