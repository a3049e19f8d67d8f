// What "Test connection" asks of ACM as a destination. Nothing is imported there for it, and no key is sent.
import { ImportCertificateCommand } from '@aws-sdk/client-acm';
import { arnPattern, hostnameTag } from '@hostmaster/core/acm/policy';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import {
  type AcmReached,
  accountCheck,
  endpointCheck,
  nobodys,
  rightsCheck,
  signInCheck,
  tagOfNobody,
} from '../../issuers/acm/account-checks.ts';
import { chainOf, describe, orderOf } from '../../issuers/acm/certificate.ts';
import type { AcmSettings } from '../../issuers/acm/settings.ts';
import { reachChecks } from '../../issuers/reach-checks.ts';
import { permittedCheck } from '../permitted.ts';
import { type ImportClient, importing } from './client.ts';

export type ImportUnderTest = AcmReached & { readonly client: ImportClient };

/** Neither is a certificate or a key, and the tag is nobody's: refused, whoever asks. */
function importNothing(client: ImportClient, signal: AbortSignal): Promise<unknown> {
  const nothing = new TextEncoder().encode('test');
  const Tags = [tagOfNobody, { Key: hostnameTag, Value: 'test.invalid' }];
  const command = new ImportCertificateCommand({ Certificate: nothing, PrivateKey: nothing, Tags });
  return client.call('acm:ImportCertificate', (acm, options) => acm.send(command, options), signal);
}

export const importChecks: readonly DestinationCheck<AcmSettings, ImportUnderTest>[] = [
  endpointCheck,
  permittedCheck(({ client }) => client.requirePermitted, '“Region”, “Account” and “Endpoint”'),
  ...reachChecks({ url: 'Endpoint' }).map((check) => ({ needs: 'permitted', ...check })),
  signInCheck(importing),
  accountCheck(importing, 'one that is delivered, before its key goes there'),
  rightsCheck<ImportUnderTest>({
    use: importing,
    holds: 'Its policy lets Hostmaster import and read',
    asked({ client, settings }, signal) {
      const arn = arnPattern(settings).replace('*', nobodys);
      return {
        'acm:ImportCertificate': () => importNothing(client, signal),
        'acm:DescribeCertificate': () => describe(client, arn, signal),
        'acm:GetCertificate': () => chainOf(client, arn, new Date(0), signal),
        'acm:ListTagsForCertificate': () => orderOf(client, arn, signal),
      };
    },
  }),
];
