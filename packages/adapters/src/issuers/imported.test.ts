// An issuer that nobody asks: the suite holds it to what it says it cannot do.
import { systemClock } from '@hostmaster/core/clock';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { describe, expect, it } from 'vitest';
import { imported } from './imported.ts';

const { root } = await testAuthority();
const connection = { slug: 'imported-1', settings: {}, profile: null, chain: [root], key: null, secret: new Uint8Array() };
const issuer = imported.open(connection, { clock: systemClock });

issuerConformance({ describe, it, expect }, imported, async () => ({
  ...{ issuer, root, permittedSuffix: 'example.test', foreignSuffix: 'example.org', now: () => new Date() },
}));
