import { byKind } from '@hostmaster/core/descriptor';
import type { DestinationDescriptor } from '@hostmaster/core/pki/destination';
import { type AcmImportOptions, acmImport } from './acm/acm.ts';
import { type KeyVaultOptions, keyVault } from './key-vault/key-vault.ts';
import { type KubernetesOptions, kubernetes } from './kubernetes/kubernetes.ts';
import { type WebhookOptions, webhook } from './webhook/webhook.ts';

/** What a process must have to open a destination of whatever kind. */
export type DestinationOptions = KubernetesOptions & WebhookOptions & AcmImportOptions & KeyVaultOptions;

/** Every kind of destination that can be connected; a new one is a file, its name here, and a run of the conformance suite (kinds.test.ts). */
export const destinations = byKind<DestinationDescriptor<DestinationOptions>>([kubernetes, acmImport, keyVault, webhook]);
