import { defineConfig } from 'prisma/config';

// The schema and the migrations lie at the repository's root (house.md); paths are relative to this file.
export default defineConfig({
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
  // `generate` needs no database; everything that does fails with a clear "cannot reach" when DATABASE_URL is missing.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://DATABASE_URL-is-not-set:1/hostmaster' },
});
