import { checkPublicKey } from '@hostmaster/core/pki/key-policy';
import { contractKeys, keyName, serverProfile } from '@hostmaster/core/pki/profile';
import { expect, it } from 'vitest';
import { generateKey } from './generate-key.ts';

it.each(contractKeys)('a contract that asks for %s gets a key of that name, which the profile allows', async (name) => {
  const key = checkPublicKey((await generateKey(name)).spki);
  expect(keyName(key)).toBe(name);
  expect(serverProfile.keyAlgorithms).toContain(key.algorithm);
});
