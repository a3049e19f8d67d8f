import { systemClock } from '@hostmaster/core/clock';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { afterAll, describe, expect, it } from 'vitest';
import { startFakeKeyVault } from '../../testing/key-vault/fake-key-vault.ts';
import { openOrdering, orderingSettingsOf } from '../../testing/key-vault/ordering-ground.ts';
import { keyVaultIssuer } from './key-vault.ts';

const own = await startFakeKeyVault({ suffixes: ['example.test'] });
afterAll(() => own.close());
issuerConformance(
  { describe, it, expect },
  keyVaultIssuer,
  async () => ({
    issuer: openOrdering(own),
    root: own.creation.authority,
    permittedSuffix: 'example.test',
    foreignSuffix: 'example.com',
    now: () => systemClock.now(),
  }),
  async () => ({ ...orderingSettingsOf(own) }),
);
