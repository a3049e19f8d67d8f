import type { NextConfig } from 'next';

export default {
  output: 'standalone',
  outputFileTracingRoot: `${import.meta.dirname}/../..`,
  transpilePackages: ['@hostmaster/core', '@hostmaster/db', '@hostmaster/http', '@hostmaster/usecases', '@hostmaster/adapters'],
  serverExternalPackages: ['pg', '@prisma/adapter-pg', 'pino'],
  poweredByHeader: false,
  typedRoutes: true,
  // Nothing here is optimized: what takes any address and size is not offered.
  images: { unoptimized: true },
  // `npm run typecheck` judges the types of the whole repo; a second time here would only make `npm start` wait.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig;
