// The issuer that speaks ACME against a server that nobody here wrote, as Debian has it.
import { afterAll, describe, expect, it } from 'vitest';
import { acmeConformance } from './acme-ground.ts';

await acmeConformance({ afterAll, describe, expect, it });
