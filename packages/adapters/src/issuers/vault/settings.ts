import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../reach.ts';

/** As a path of Vault's API takes it without being written otherwise; Vault takes none that ends in a full stop. */
const segment = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** Segments with slashes between; those around it are left out, and where nothing is left `fallback` stands. */
const path = (most: number, fallback: string) =>
  z
    .string()
    .max(most)
    .superRefine((text, context) => {
      const trimmed = text.replace(/^\/+|\/+$/g, '');
      if (trimmed === '' || trimmed.split('/').every((part) => segment.test(part))) return;
      const reason = 'A path of Vault is letters, digits, hyphens, underscores and full stops, with slashes between.';
      breakRule(context, {
        rule: 'vault-path',
        reason,
        remedy: 'Give it as `vault secrets list`, `vault auth list` or `vault namespace list` shows it.',
      });
    })
    .transform((text) => text.replace(/^\/+|\/+$/g, '') || fallback);

const role = z
  .string()
  .min(1)
  .max(128)
  .superRefine((text, context) => {
    if (segment.test(text)) return;
    const reason = 'A role of Vault is letters, digits, hyphens, underscores and full stops.';
    breakRule(context, { rule: 'vault-role', reason, remedy: 'Give it as `vault list` of its mount and `/roles` shows it.' });
  });

export const vaultSettings = z
  .strictObject({
    address: z
      .url({ protocol: /^https$/ })
      .max(2048)
      .meta({ title: 'Address', description: 'Of the API, over HTTPS, without /v1.', examples: ['https://vault.example.com:8200'] }),
    namespace: path(256, '')
      .default('')
      .meta({ title: 'Namespace', description: 'Where there is one.', examples: ['team-a'] }),
    mount: path(256, 'pki')
      .default('pki')
      .meta({ title: 'Mount', description: 'Where the PKI engine is mounted.', examples: ['pki'] }),
    role: role.meta({ title: 'Role', description: 'The role of the PKI engine under which is signed.', examples: ['hostmaster'] }),
    signIn: z
      .enum(['approle', 'kubernetes', 'token'])
      .default('approle')
      .meta({ title: 'Signs in by', description: 'The auth method; with kubernetes no secret is kept.' }),
    signInMount: path(256, '')
      .default('')
      .meta({ title: 'Sign-in mount', description: 'Where the auth method is mounted, if not at its own name.', examples: ['approle'] }),
    signInAs: z
      .string()
      .max(256)
      .default('')
      .meta({
        title: 'Signs in as',
        description: 'The role id of AppRole, or the role of the Kubernetes method.',
        examples: ['db02de05-fa39-4855-059b-67221c5c2f63'],
      }),
    trust: trustSetting('Vault'),
    addresses: addressesSetting('Vault'),
  })
  .superRefine(({ signIn, signInAs }, context) => {
    const named = signInAs !== '';
    if (named === (signIn !== 'token')) return;
    const reason = named ? 'A token is not of a role.' : `${signIn} signs in as somebody.`;
    breakRule(
      context,
      {
        rule: 'vault-sign-in',
        reason,
        remedy: named ? 'Leave it out.' : 'Give the role id of AppRole, or the role of the Kubernetes method.',
      },
      ['signInAs'],
    );
  });
export type VaultSettings = z.output<typeof vaultSettings>;

export const vaultSecret = z
  .string()
  .min(1)
  .max(8192)
  .superRefine((text, context) => {
    if (/^[\x21-\x7e]+$/.test(text)) return;
    breakRule(context, {
      rule: 'vault-secret',
      reason: 'A token or a secret id is one word of ASCII.',
      remedy: 'Give it as Vault printed it.',
    });
  })
  .meta({ examples: ['6a174c20-f6de-a53c-74d2-6018fcceff64'] })
  .transform((text): Uint8Array => Buffer.from(text))
  .meta({
    title: 'Secret',
    description: 'The secret id of AppRole, or the token. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
