import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { expect, it } from 'vitest';

it('the migrations make exactly the schema', async () => {
  const database = await createTestDatabase();
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const migrations = file('../../../prisma/migrations');
  const schema = file('../../../prisma/schema.prisma');
  const diff = ['migrate', 'diff', '--from-migrations', migrations, '--to-schema', schema, '--exit-code'];
  const outcome = await new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: database.url };
    execFile(process.execPath, [file('./prisma.mjs'), ...diff], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, output: out + err }),
    );
  });
  await database.drop();
  expect(outcome).toMatchObject({ code: 0 });
});
