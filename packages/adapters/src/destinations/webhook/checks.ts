// What "Test connection" asks of a receiver of webhooks: whether it is reached, takes what is signed with the secret, and nothing else.
import { HostmasterError } from '@hostmaster/core/errors';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import { type Reached, reachChecks } from '../../issuers/reach-checks.ts';
import { permittedCheck } from '../permitted.ts';
import { heldAt } from './held.ts';
import type { WebhookReceiver } from './receiver.ts';
import type { WebhookSettings } from './settings.ts';

export type WebhookUnderTest = { readonly reached: Reached; readonly receiver: WebhookReceiver; readonly name: string };

/** A name that nobody can have (RFC 6761 §6.4): nothing can be held for it. */
const nobodys = 'test.invalid';

export const webhookChecks: readonly DestinationCheck<WebhookSettings, WebhookUnderTest>[] = [
  permittedCheck(({ receiver }) => receiver.requirePermitted),
  ...reachChecks({ url: 'Address' }).map((check) => ({ needs: 'permitted', ...check })),
  {
    name: 'signature',
    holds: 'It takes what is signed with the secret',
    needs: 'tls',
    remedy: () => 'Give the destination and the receiver the same secret, and compare “Address”.',
    async run({ receiver }, signal) {
      await receiver.send({ type: 'ping', data: {} }, signal);
      return 'It took a signed message.';
    },
  },
  {
    name: 'forgery',
    holds: 'It takes nothing that somebody else has signed',
    needs: 'signature',
    remedy: () => 'Have the receiver verify the signature before it acts (Standard Webhooks), and answer 401.',
    async run({ receiver }, signal) {
      const status = await receiver.statusForForged(signal);
      if (status >= 200 && status < 300)
        throw new HostmasterError('delivery-failed', `It answered ${status} to a message with a signature of another secret.`);
      return `It answered ${status} to a message with a signature of another secret.`;
    },
  },
  {
    name: 'held',
    holds: 'It says what it holds',
    needs: 'signature',
    remedy: () => 'Have the receiver answer certificate.held as the guide says.',
    async run({ receiver, name }, signal) {
      const held = await heldAt(receiver, name, nobodys, signal);
      if (held !== null)
        throw new HostmasterError('delivery-failed', `It says that it holds a certificate for ${nobodys}, which nobody can have.`);
      return `It says that it holds nothing for ${nobodys}.`;
    },
  },
];
