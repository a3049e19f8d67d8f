// docker-compose.yml as its tests read it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** A file of the repository. */
export const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const service = z.object({
  image: z.string().optional(),
  build: z.object({ context: z.literal('.'), dockerfile: z.string(), target: z.string().optional() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({}).optional(),
});
export const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(readFileSync(file('docker-compose.yml'), 'utf8'), { merge: true }));
/** As compose fills in `${NAME:-default}` and `${NAME:?message}`. */
export function environmentOf(name: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  const fill = (text: string): string =>
    text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, variable: string, kind?: string, rest = '') => {
      const value = variables[variable];
      if (value) return value;
      if (kind === '-') return rest;
      throw new Error(`${variable}: ${rest}`);
    });
  const given = compose.services[name]?.environment ?? {};
  return Object.fromEntries(Object.entries(given).map(([key, text]) => [key, fill(text)]));
}

/** What .env must hold. */
export const secrets = {
  POSTGRES_PASSWORD: 'a'.repeat(64),
  REDIS_PASSWORD: 'f'.repeat(64),
  AUTH_SECRET: 'b'.repeat(64),
  OWNER_DATABASE_PASSWORD: 'c'.repeat(64),
  WORKER_DATABASE_PASSWORD: 'd'.repeat(64),
  WEB_DATABASE_PASSWORD: 'e'.repeat(64),
};
