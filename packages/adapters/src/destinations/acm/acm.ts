import type { DestinationDescriptor } from '@hostmaster/core/pki/destination';
import { reachedWith } from '../../issuers/acm/account-checks.ts';
import { acmSecret, tagsOf } from '../../issuers/acm/settings.ts';
import { type ImportUnderTest, importChecks } from './checks.ts';
import { importClient } from './client.ts';
import { importedDestination } from './imported.ts';
import { importSettings } from './settings.ts';

export type AcmImportOptions = {
  /** Base URL of the portal. */
  readonly portal: string;
  /** Where private keys may go, as the host of the worker says (core/pki/key-destinations.ts). */
  readonly keyDestinations: readonly string[];
};

/** Certificates of any CA, imported into ACM for load balancers and CloudFront. */
export const acmImport: DestinationDescriptor<AcmImportOptions, typeof importSettings> = {
  kind: 'acm',
  label: 'AWS Certificate Manager',
  summary: 'Imports into an account of AWS, for load balancers, CloudFront and API Gateway: each renewal goes under the same ARN.',
  settings: importSettings,
  secret: { purpose: 'aws', input: acmSecret, optional: false },
  checks: importChecks,
  identifiedBy: ['region', 'account'],
  defaultNamespace: () => null,

  open(connection, { clock, portal, keyDestinations }) {
    const client = importClient(connection, keyDestinations);
    const tags = tagsOf(connection.settings.tags);
    const destination = importedDestination({ client, tags, portal, now: () => clock.now() });
    return () => destination;
  },

  openTest(connection, { keyDestinations }): ImportUnderTest {
    const client = importClient(connection, keyDestinations);
    return { ...reachedWith(client, connection.settings), client };
  },
};
