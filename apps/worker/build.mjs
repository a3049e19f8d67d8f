// Self-contained files that need no other node_modules: dist/main.js, the worker, and dist/admin.js, the operator's hand.
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/main.ts', 'src/admin.ts'],
  outdir: 'dist',
  write: false,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  external: ['pg-native', 'redis', '@valkey/valkey-glide'],
  // Bundled CommonJS still calls require for Node's own modules.
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
});

/** What koffi is for this machine, where main.js looks for it; empty where there is none, and then a worker has no token (PKCS #11). */
async function koffiFiles() {
  const name = `@koromix/koffi-${process.platform}-${process.arch}`;
  try {
    const ofAdapters = createRequire(new URL('../../packages/adapters/package.json', import.meta.url));
    const folder = dirname(createRequire(ofAdapters.resolve('koffi')).resolve(`${name}/package.json`));
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name: file }) => join(parentPath, file));
    return await Promise.all(
      paths.map(async (path) => ({ path: join('dist/node_modules', name, path.slice(folder.length)), contents: await readFile(path) })),
    );
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
}

// Put in place whole: a worker may be starting from these files, and another build may be under way.
for (const { path, contents } of [...outputFiles, ...(await koffiFiles())]) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}
