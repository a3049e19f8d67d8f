import { slug } from '@hostmaster/core/contract/endpoint';
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../../issuers/reach.ts';

export const kubernetesSettings = z.strictObject({
  address: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .superRefine((text, context) => {
      if (!/[?#@]/.test(text)) return;
      const reason = 'The address of an API server has neither a query nor somebody’s name in it.';
      breakRule(context, { rule: 'kubernetes-address', reason, remedy: 'Give it as `kubectl cluster-info` prints it.' });
    })
    .meta({ title: 'Address', description: 'Of the API server, over HTTPS.', examples: ['https://k8s-1.example.com:6443'] }),
  namespace: slug.meta({
    title: 'Namespace',
    description: 'Where a Secret goes whose contract names no namespace of its backend or its Gateway.',
    examples: ['ingress'],
  }),
  trust: trustSetting('the API server'),
  addresses: addressesSetting('the API server'),
});
export type KubernetesSettings = z.output<typeof kubernetesSettings>;

export const kubernetesSecret = z
  .string()
  .min(1)
  .max(8192)
  .superRefine((text, context) => {
    if (/^[\x21-\x7e]+$/.test(text)) return;
    const remedy = 'Give it as `kubectl create token` printed it, or as it stands decoded in the Secret of the service account.';
    breakRule(context, { rule: 'kubernetes-token', reason: 'A token is one word of ASCII.', remedy });
  })
  .meta({ examples: ['EXAMPLE-token'] })
  .transform((text): Uint8Array => Buffer.from(text))
  .meta({
    title: 'Token',
    description: 'Of the service account that Hostmaster acts as. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
