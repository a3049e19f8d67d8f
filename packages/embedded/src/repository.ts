import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, found from this file upward, whether it runs as source or bundled. */
export function repositoryRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'prisma', 'schema.prisma'))) {
    const parent = dirname(at);
    if (parent === at) throw new Error('prisma/schema.prisma was not found above this program');
    at = parent;
  }
  return at;
}
