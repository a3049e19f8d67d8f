import { breakRule } from '@hostmaster/core/contract/own-rule';
import type { RolePlace } from '@hostmaster/core/vault/setup';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../reach.ts';

/** As a path of Vault's API takes it without being written otherwise; Vault takes none that ends in a full stop. */
const segment = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** Without the slashes around it, with which Vault shows one. */
const trimmed = (text: string): string => text.replace(/^\/+|\/+$/g, '');

/** Segments with slashes between. */
const path = () =>
  z
    .string()
    .max(256)
    .superRefine((text, context) => {
      if (
        text === '' ||
        trimmed(text)
          .split('/')
          .every((part) => segment.test(part))
      )
        return;
      const reason = 'A path of Vault is letters, digits, hyphens, underscores and full stops, with slashes between.';
      const remedy = 'Give it as `vault secrets list`, `vault auth list` or `vault namespace list` shows it.';
      breakRule(context, { rule: 'vault-path', reason, remedy });
    });

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
      .superRefine((text, context) => {
        if (!/[?#@]/.test(text)) return;
        const reason = 'The address of Vault has neither a query nor somebody’s name in it.';
        breakRule(context, { rule: 'vault-address', reason, remedy: 'Give it as VAULT_ADDR has it.' });
      })
      .meta({ title: 'Address', description: 'Of the API, over HTTPS, without /v1.', examples: ['https://vault.example.com:8200'] }),
    namespace: path()
      .default('')
      .meta({ title: 'Namespace', description: 'Where there is one.', examples: ['team-a'] }),
    mount: path()
      .min(1)
      .default('pki')
      .meta({ title: 'Mount', description: 'Where the PKI engine is mounted.', examples: ['pki'] }),
    role: role.meta({ title: 'Role', description: 'The role of the PKI engine under which is signed.', examples: ['hostmaster'] }),
    signIn: z
      .enum(['approle', 'kubernetes', 'token'])
      .default('approle')
      .meta({ title: 'Signs in by', description: 'The auth method; with kubernetes no secret is kept.', examples: ['approle'] }),
    signInMount: path()
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

/** Where its role is, as paths of the API take it. */
export const placeOf = ({ mount, role, namespace }: Pick<VaultSettings, 'mount' | 'role' | 'namespace'>): RolePlace => ({
  mount: trimmed(mount),
  role,
  namespace: trimmed(namespace),
});

/** Where its auth method is. */
export const signInMountOf = ({ signIn, signInMount }: VaultSettings): string => trimmed(signInMount) || signIn;

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
  .meta({ examples: ['EXAMPLE-secret-id'] })
  .transform((text): Uint8Array => Buffer.from(text))
  .meta({
    title: 'Secret',
    description: 'The secret id of AppRole, or the token. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
