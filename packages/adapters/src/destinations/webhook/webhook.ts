import {
  type CertificateDestination,
  type DestinationConnection,
  type DestinationDescriptor,
  isDeliverable,
  requireDeliverable,
} from '@hostmaster/core/pki/destination';
import { rangesOf } from '../../issuers/reach.ts';
import { httpsExchange } from '../../net/https.ts';
import { type WebhookUnderTest, webhookChecks } from './checks.ts';
import { heldAt } from './held.ts';
import { type WebhookReceiver, webhookReceiver } from './receiver.ts';
import { type WebhookSettings, webhookSecret, webhookSettings } from './settings.ts';

export type WebhookOptions = {
  /** Where private keys may go, as the host of the worker says (core/pki/key-destinations.ts). */
  readonly keyDestinations: readonly string[];
};
type Deps = Parameters<DestinationDescriptor<WebhookOptions>['open']>[1];

const operationMilliseconds = 20_000;
const deadline = (): AbortSignal => AbortSignal.timeout(operationMilliseconds);

function receiverOf({ slug, settings, secret }: DestinationConnection<WebhookSettings>, { clock, keyDestinations }: Deps): WebhookReceiver {
  const { address, trust, addresses } = settings;
  return webhookReceiver(
    { name: slug, address, secret, keyDestinations },
    httpsExchange({ trust, allowedRanges: rangesOf(addresses) }),
    clock,
  );
}

/** Errors of its operations: invalid-input for a hostile name; delivery-failed. */
const destinationAt = (receiver: WebhookReceiver, name: string): CertificateDestination => ({
  held: async (hostname) => (isDeliverable(hostname) ? heldAt(receiver, name, hostname, deadline()) : null),

  async deliver({ hostname, fullchainPem, privateKeyPem }) {
    requireDeliverable(hostname);
    await receiver.send({ type: 'certificate.deliver', data: { hostname, fullchainPem, privateKeyPem } }, deadline());
  },

  async withdraw(hostname) {
    requireDeliverable(hostname);
    await receiver.send({ type: 'certificate.withdraw', data: { hostname } }, deadline());
  },
});

/** Signed messages to a program of whoever runs the server that ends TLS. */
export const webhook: DestinationDescriptor<WebhookOptions, typeof webhookSettings> = {
  kind: 'webhook',
  label: 'Webhook',
  summary:
    'Signed messages (Standard Webhooks) to a program of yours, which puts certificates where Hostmaster cannot: appliances, vaults, CDNs.',
  settings: webhookSettings,
  secret: { purpose: 'webhook', input: webhookSecret, optional: false },
  checks: webhookChecks,
  identifiedBy: ['address'],
  defaultNamespace: () => null,

  open(connection, deps) {
    const receiver = receiverOf(connection, deps);
    return () => destinationAt(receiver, connection.slug);
  },

  openTest(connection, deps): WebhookUnderTest {
    const { address: url, trust, addresses } = connection.settings;
    return { reached: { url, trust, addresses }, receiver: receiverOf(connection, deps), name: connection.slug };
  },
};
