// That the newer Pebble starts here and offers what suites of ACME need: renewal information (RFC 9773) and profiles.
// needs: pebble
import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { getTrusted, startPebble } from './pebble.ts';

it('Pebble answers its directory with renewal information and profiles', async () => {
  const pebble = await startPebble();
  try {
    const resources = ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange', 'renewalInfo'];
    const directory = JSON.parse(await getTrusted(pebble.directoryUrl, pebble.trust));
    for (const name of resources) expect(directory).toHaveProperty(name, expect.stringContaining(new URL(pebble.directoryUrl).origin));
    expect(directory).toHaveProperty('meta.profiles.shortlived');
    const root = await getTrusted(`${pebble.managementUrl}/roots/0`, pebble.trust);
    expect(new X509Certificate(root).ca).toBe(true);
  } finally {
    await pebble.stop();
  }
});
