import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../../issuers/reach.ts';

export const webhookSettings = z.strictObject({
  address: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .superRefine((text, context) => {
      if (!/[#@]/.test(text)) return;
      const reason = 'The address of a receiver has neither a fragment nor somebody’s name in it.';
      breakRule(context, {
        rule: 'webhook-address',
        reason,
        remedy: 'Give it as the receiver takes it; what lets Hostmaster in is the secret.',
      });
    })
    .meta({
      title: 'Address',
      description: 'Where each message is posted to, over HTTPS.',
      examples: ['https://f5-gateway.example.com/hostmaster'],
    }),
  trust: trustSetting('the receiver'),
  addresses: addressesSetting('the receiver'),
});
export type WebhookSettings = z.output<typeof webhookSettings>;

/** Octets that Standard Webhooks asks of a secret (§ Signature scheme). */
const [fewest, most] = [24, 64];

/** `whsec_` and base64, as Standard Webhooks writes it. */
export const webhookSecret = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const octets = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
    const length = octets === undefined ? 0 : Buffer.from(octets, 'base64').length;
    if (length >= fewest && length <= most) return;
    const reason = `A secret is whsec_ and ${fewest} to ${most} octets in base64.`;
    breakRule(context, { rule: 'webhook-secret', reason, remedy: 'Make one: echo "whsec_$(openssl rand -base64 32)".' });
  })
  .meta({ examples: ['whsec_bm90LWEtc2VjcmV0bm90LWEtc2VjcmV0'] })
  .transform((text): Uint8Array => Buffer.from(text.slice('whsec_'.length), 'base64'))
  .meta({
    title: 'Secret',
    description:
      'What messages are signed with; the receiver has the same. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
