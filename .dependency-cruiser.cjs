// The floors of the house (ARCHITECTURE.md) as errors: a file imports from its own floor and from those below.
// `npm run boundaries` enforces them; a rule's comment is what a reader sees when it is broken.

const tests = String.raw`\.test\.tsx?$|/testing/`;
const generated = '^packages/db/src/generated/';
const npmPackage = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const io = ['net', 'dgram', 'tls', 'http', 'http2', 'https', 'dns', 'fs', 'child_process', 'worker_threads', 'cluster', 'readline'];
const container = String.raw`^apps/(worker/src/(container|keys)|web/src/server/container)\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment: 'Floor 1 knows no network, no file, no database and no framework; what it needs is passed in.',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: tests },
      to: {
        path: [
          `^(node:)?(${io.join('|')})(/|$)`,
          npmPackage(
            '@prisma/[^/]+',
            'prisma',
            'pg',
            'next',
            'next-auth',
            'react',
            'react-dom',
            '@trpc/[^/]+',
            'bullmq',
            'ioredis',
            'pino',
          ),
        ],
      },
    },
    {
      name: 'core-stands-alone',
      comment: 'Floor 1 imports no other floor.',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: '^(packages/(?!core/)|apps/)' },
    },
    {
      name: 'adapters-use-core-only',
      comment: 'Adapters know the outside and the interfaces of core; rows, use cases and apps are above or beside them.',
      severity: 'error',
      from: { path: '^packages/adapters/src', pathNot: tests },
      to: { path: '^(packages/(?!core/|adapters/)|apps/)' },
    },
    {
      name: 'db-uses-core-only',
      comment: 'The database floor knows rows, locks and SQL, and decides nothing.',
      severity: 'error',
      from: { path: '^packages/db/src', pathNot: tests },
      to: { path: '^(packages/(?!core/|db/)|apps/)' },
    },
    {
      name: 'prisma-in-db-only',
      comment: 'Others use the functions and the client type of @hostmaster/db.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: '^packages/db/' },
      to: { path: [npmPackage('@prisma/[^/]+', 'prisma'), generated] },
    },
    {
      name: 'usecases-know-no-adapter',
      comment: 'The interfaces of the outside are in core; an app puts the implementations into the context.',
      severity: 'error',
      from: { path: '^packages/usecases/src', pathNot: tests },
      to: { path: '^(packages/(?!core/|db/|usecases/)|apps/)' },
    },
    {
      name: 'doors-stand-on-usecases',
      comment: 'What every HTTP door shares knows the use cases and no app, no adapter and no web framework.',
      severity: 'error',
      from: { path: '^packages/http/src', pathNot: tests },
      to: { path: ['^(packages/(?!core/|db/|usecases/|http/)|apps/)', npmPackage('next', 'next-auth', 'react', '@trpc/[^/]+')] },
    },
    {
      name: 'doors-are-apps',
      comment: 'Only an app answers HTTP; what is below it knows neither requests nor problem documents.',
      severity: 'error',
      from: { path: '^packages/(?!http/)' },
      to: { path: '^packages/http/' },
    },
    {
      name: 'adapters-in-containers-only',
      comment: 'An app composes its adapters in one place, so that what a process must not hold is visibly not there.',
      severity: 'error',
      from: { path: '^apps/', pathNot: [tests, container] },
      to: { path: '^packages/adapters/' },
    },
    {
      name: 'portal-only-seals',
      comment:
        'The portal can write a secret to the worker, never read one, and speaks to no name server, no CA and no cluster: of providers, issuers and destinations it has the words.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: tests },
      to: {
        path: '^packages/adapters/',
        pathNot: String.raw`^packages/adapters/src/(keys/(sealer|key-id)|dns/provider-kinds|issuers/issuer-kinds|destinations/destination-kinds)\.ts$`,
      },
    },
    {
      name: 'no-sideways-between-apps',
      comment: 'Apps meet in the database and the queue.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nobody-needs-embedded',
      comment: 'The embedded world is for `npm start` and for tests; production code runs without it.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/embedded/', tests] },
      to: { path: '^packages/embedded/' },
    },
    {
      name: 'embedded-starts-apps-as-programs',
      comment: 'The supervisor runs the apps; it imports nothing of theirs.',
      severity: 'error',
      from: { path: '^packages/embedded/src' },
      to: { path: '^apps/' },
    },
    {
      name: 'browser-knows-core-only',
      comment: 'features/ and components/ run in the browser: values come from core, everything else through an API; types are free.',
      severity: 'error',
      from: { path: '^apps/web/src/(features|components)/', pathNot: tests },
      to: {
        path: ['^packages/(?!core/)', '^apps/web/src/server/', '^(node:)?[a-z_]+$'],
        pathNot: '^packages/core/',
        dependencyTypesNot: ['type-only', 'npm', 'npm-dev'],
      },
    },
    {
      name: 'no-tests-in-production',
      comment: 'What is under testing/ and in *.test.ts is for tests.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or three. Types alone may refer to each other.',
      severity: 'error',
      from: { pathNot: generated },
      to: { circular: true, viaOnly: { pathNot: generated, dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that resolves to nothing, or to a package no package.json lists.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', generated] },
    exclude: { path: String.raw`(^|/)(\.next|dist|\.turbo)/|next-env\.d\.ts$` },
    tsPreCompilationDeps: 'specify',
    // The alias @/ of apps/web; dependency-cruiser takes `paths` from a tsconfig only beside a baseUrl, which TypeScript 6 drops.
    webpackConfig: { fileName: '.dependency-cruiser.alias.cjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
    skipAnalysisNotInRules: true,
  },
};
