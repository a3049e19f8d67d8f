import { type AcmPlace, importSetup, partitionOf } from '@hostmaster/core/acm/policy';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import type { DestinationConnection } from '@hostmaster/core/pki/destination';
import { type AcmClient, type AcmUse, acmClient } from '../../issuers/acm/client.ts';
import type { AcmSettings } from '../../issuers/acm/settings.ts';
import { requirePermittedAccount } from '../permitted.ts';

export const importing: AcmUse = {
  refused: 'delivery-failed',
  unavailable: 'delivery-failed',
  runs: clusterOperator,
  setup: importSetup,
};

/** The account as the host of the worker names it (core/pki/key-destinations.ts). */
const accountOf = ({ region, account }: AcmPlace): string => `arn:${partitionOf(region)}:acm:${region}:${account}`;

/** ACM of one account in one region, to which private keys go. */
export type ImportClient = AcmClient & {
  readonly place: AcmPlace;
  /** Whether the host of the worker lets private keys go there; every operation asks first. Errors: delivery-failed. */
  requirePermitted(): string;
};

export function importClient(connection: DestinationConnection<AcmSettings>, keyDestinations: readonly string[]): ImportClient {
  const { slug: name, settings } = connection;
  const { region, account, endpoint } = settings;
  const place = { region, account };
  const requirePermitted = () => requirePermittedAccount(accountOf(place), endpoint === '' ? null : endpoint, { name, keyDestinations });
  const client = acmClient(connection, importing);
  return {
    ...client,
    place,
    requirePermitted,
    call(action, send, signal) {
      requirePermitted();
      return client.call(action, send, signal);
    },
  };
}
