// The same suite against the newest Pebble, which says when it wants certificates renewed (RFC 9773) and has profiles.
// needs: pebble
import { afterAll, describe, expect, it } from 'vitest';
import { acmeConformance } from './acme-ground.ts';

await acmeConformance({ afterAll, describe, expect, it });
