import { type Container, createContainer } from '../container.ts';
import { readEnv } from '../env.ts';

/** The container of a test: real database, quiet log, a public URL of its own. */
export function testContainer(databaseUrl: string, more: Readonly<Record<string, string>> = {}): Container {
  return createContainer(
    readEnv({
      DATABASE_URL: databaseUrl,
      PUBLIC_URL: 'http://hostmaster.test',
      AUTH_SECRET: 'a secret of thirty-two characters or more',
      LOG_LEVEL: 'silent',
      ...more,
    }),
  );
}
