// What the interoperability suites speak to and neither Debian nor npm has: in which version, and how it is had. Go
// programs and one Python environment are kept in the user's cache, a folder a version, so that a second run builds nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { cacheFolder } from './cache.mjs';
import { step } from './progress.mjs';
import { run } from './run.mjs';

const QUICK_MILLISECONDS = 30 * 60_000;
const SLOW_MILLISECONDS = 60 * 60_000;

/**
 * By the name that a suite says it needs. `go`: packages and their version; `slow` is built only when it is asked for by
 * name. `pip`: requirements, all in one environment. `command`: found on PATH, it or the one that does as well, or not run. `made`: from this
 * repository; the runner starts one and names its start.json in HOSTMASTER_START_JSON.
 */
export const TOOLS = {
  zlint: { go: ['github.com/zmap/zlint/v3/cmd/zlint'], version: 'v3.7.3' },
  pebble: {
    go: ['github.com/letsencrypt/pebble/v2/cmd/pebble', 'github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv'],
    version: 'v2.10.3',
  },
  kubeconform: { go: ['github.com/yannh/kubeconform/cmd/kubeconform'], version: 'v0.8.0' },
  'step-ca': { go: ['github.com/smallstep/certificates/cmd/step-ca'], version: 'v0.30.2' },
  step: { go: ['github.com/smallstep/cli/cmd/step'], version: 'v0.30.2' },
  caddy: { go: ['github.com/caddyserver/caddy/v2/cmd/caddy'], version: 'v2.11.9', slow: true },
  coredns: { go: ['github.com/coredns/coredns'], version: 'v1.15.0', slow: true },
  'external-dns': { go: ['sigs.k8s.io/external-dns'], version: 'v0.21.0', slow: true },
  'kube-apiserver': { go: ['k8s.io/kubernetes/cmd/kube-apiserver'], version: 'v1.34.4', slow: true, build: buildKubernetes },
  etcd: { command: 'etcd', hint: 'the Debian package etcd-server has it' },
  go: { command: 'go', hint: 'the Debian package golang-go has it' },
  javac: { command: 'javac', hint: 'the Debian package default-jdk-headless has it' },
  keytool: { command: 'keytool', hint: 'the Debian package default-jre-headless has it' },
  vault: { command: 'vault', or: 'bao', hint: 'neither Debian nor the Go module proxy has it' },
  pkilint: { pip: ['pkilint==0.13.3'] },
  dnspython: { pip: ['dnspython==2.9.2'] },
  moto: { pip: ['moto[server,route53,acm]==5.2.5'] },
  schemathesis: { pip: ['schemathesis==4.32.5'] },
  instance: { made: () => ensureBuilt() },
};

const goFolder = (name, { version }) => cacheFolder('interop', `${name}-${version}`);
const python = cacheFolder('interop', 'python');
const stampOf = (requirement) => join(python, 'hostmaster', requirement);
const isOnPath = (command) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command]).status === 0;

/** Those that suites of this name find first on their PATH. */
export const toolPath = () =>
  [...Object.entries(TOOLS).flatMap(([name, tool]) => (tool.go ? [goFolder(name, tool)] : [])), join(python, 'bin'), process.env.PATH].join(
    delimiter,
  );

function isThere(name, tool) {
  if (tool.go) return existsSync(goFolder(name, tool));
  if (tool.pip) return tool.pip.every((requirement) => existsSync(stampOf(requirement)));
  return [tool.command, tool.or].some((command) => command !== undefined && isOnPath(command));
}

/**
 * Makes one tool available.
 * @param {boolean} named whether somebody asked for it by name, so that a slow build may begin
 * @returns {Promise<string | null>} why it is not there, or null
 */
export async function ensureTool(name, named) {
  const tool = TOOLS[name];
  if (isThere(name, tool)) return null;
  if (tool.command) return `${[tool.command, tool.or].filter(Boolean).join(' or ')} is not on PATH; ${tool.hint}`;
  if (tool.go && !isOnPath('go')) return 'Go is not on PATH';
  if (tool.pip && !isOnPath('python3')) return 'python3 is not on PATH';
  if (tool.slow && !named) return `its build takes long; npm run interop -- --only ${name} begins it`;
  try {
    if (tool.made) await tool.made();
    else if (tool.pip) await step(`install ${tool.pip.join(' ')}`, () => installPython(tool.pip));
    else await step(`build ${name} ${tool.version}`, () => buildGo(name, tool));
    return null;
  } catch (error) {
    return `could not be had: ${error.message.trim().split('\n').at(-1)}`;
  }
}

/** Into a folder of another name first: one that is there is whole. */
async function buildGo(name, tool) {
  const folder = goFolder(name, tool);
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: unfinished };
  const timeout = tool.slow ? SLOW_MILLISECONDS : QUICK_MILLISECONDS;
  try {
    if (tool.build) await tool.build(tool, { folder: unfinished, env, timeout });
    else await run(['go', 'install', ...tool.go.map((path) => `${path}@${tool.version}`)], { cwd: unfinished, env, timeout });
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** `go install` refuses a module whose parts are replaced by folders of its own; here each part is required as it is published. */
async function buildKubernetes({ go, version }, { folder, env, timeout }) {
  const inModule = (...args) => run(['go', ...args], { cwd: folder, env, timeout });
  await inModule('mod', 'init', 'apiserver');
  const { GoMod } = JSON.parse(await inModule('mod', 'download', '-json', `k8s.io/kubernetes@${version}`));
  const parts = [...readFileSync(GoMod, 'utf8').matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)].map(([, part]) => part);
  const published = version.replace('v1', 'v0');
  await inModule('mod', 'edit', `-require=k8s.io/kubernetes@${version}`, ...parts.map((part) => `-replace=${part}=${part}@${published}`));
  writeFileSync(join(folder, 'tools.go'), `package main\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n\nfunc main() {}\n`);
  await inModule('mod', 'tidy');
  await inModule('build', '-o', folder, ...go);
}

async function installPython(requirements) {
  const timeout = QUICK_MILLISECONDS;
  if (!existsSync(join(python, 'bin', 'pip'))) await run(['python3', '-m', 'venv', python], { timeout });
  await run([join(python, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...requirements], { timeout });
  for (const stamp of requirements.map(stampOf)) {
    mkdirSync(join(python, 'hostmaster'), { recursive: true });
    writeFileSync(stamp, '');
  }
}
