// What "Test connection" asks of ACM as an issuer: whether it knows the access key, whether the account is the one that was meant, and what its
// policy allows. Nothing is made there for it.
import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import { arnPattern } from '@hostmaster/core/acm/policy';
import type { IssuerCheck } from '@hostmaster/core/pki/issuer';
import { reachChecks } from '../reach-checks.ts';
import { type AcmReached, accountCheck, endpointCheck, nobodys, rightsCheck, signInCheck, tagOfNobody } from './account-checks.ts';
import { chainOf, describe, orderOf } from './certificate.ts';
import { type AcmClient, ordering } from './client.ts';
import { remove } from './request.ts';
import type { AcmSettings } from './settings.ts';

export type AcmUnderTest = AcmReached & { readonly suffixes: readonly string[] };

async function requestNothing(client: AcmClient, name: string, signal: AbortSignal): Promise<void> {
  const command = new RequestCertificateCommand({ DomainName: name, ValidationMethod: 'DNS', Tags: [tagOfNobody] });
  const { CertificateArn } = await client.call('acm:RequestCertificate', (acm, options) => acm.send(command, options), signal);
  // What answers is no ACM, and has made one.
  if (CertificateArn !== undefined) await remove(client, CertificateArn, signal);
}

export const acmChecks: readonly IssuerCheck<AcmSettings, AcmUnderTest>[] = [
  endpointCheck,
  ...reachChecks({ url: 'Endpoint' }),
  signInCheck(ordering),
  accountCheck(ordering, 'order, which is deleted where it is in another one'),
  rightsCheck<AcmUnderTest>({
    use: ordering,
    holds: 'Its policy lets Hostmaster order and read',
    asked({ client, settings, suffixes }, signal) {
      const arn = arnPattern(settings).replace('*', nobodys);
      return {
        'acm:RequestCertificate': () => requestNothing(client, `hostmaster-test.${suffixes[0] ?? 'invalid'}`, signal),
        'acm:DescribeCertificate': () => describe(client, arn, signal),
        'acm:GetCertificate': () => chainOf(client, arn, new Date(0), signal),
        'acm:ListTagsForCertificate': () => orderOf(client, arn, signal),
      };
    },
  }),
];
