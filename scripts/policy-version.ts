// The version of the admission policy is derived from what decides, so that two decisions of one version were made by one
// policy: a hash over the reading of a request, `decide` and all that both use of core, without comments, layout and local
// names. It is written into the source, because a process that was bundled no longer has the code that it comes from.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function policyVersion(policy: URL): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from './asked.ts'; export * from './decide.ts';", resolveDir: fileURLToPath(policy) },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    external: ['./version.ts'],
    legalComments: 'none',
    write: false,
  });
  const [decides] = outputFiles;
  if (decides === undefined) throw new Error('Nothing decides.');
  return createHash('sha256').update(decides.contents).digest('hex').slice(0, 12);
}
