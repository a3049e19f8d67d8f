// The real servers and tools that the tests talk to, from Debian's packages: a missing one is installed, never skipped.
import { spawnSync } from 'node:child_process';
import { step } from './progress.mjs';
import { run } from './run.mjs';

const TEST_PACKAGES = [
  'bind9',
  'bind9-dnsutils',
  'knot',
  'pdns-server',
  'pdns-backend-sqlite3',
  'sqlite3',
  'redis-server',
  'nginx',
  'haproxy',
  'pebble',
  'gnutls-bin',
  'openssl',
  'softhsm2',
  'chromium-headless-shell',
  'fonts-liberation',
  'curl',
  'jq',
];
const INSTALL_MILLISECONDS = 8 * 60_000;

function missingPackages(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages], { encoding: 'utf8' });
  if (query.error) return packages; // not a Debian
  const installed = new Set(query.stdout.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])));
  return packages.filter((name) => !installed.has(name));
}

/**
 * Debian starts a server as soon as its package is there; the tests start their own on free ports. policy-rc.d is
 * Debian's way to say no (exit 101), and is taken away again unless somebody else had put one there.
 */
const installScript = (packages) => `
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends ${packages.join(' ')}
`;

/** How to run a command as root: as we are, or through a sudo that asks nothing; undefined when neither works. */
function asRoot() {
  if (process.getuid?.() === 0) return ['sh', '-c'];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'sh', '-c'] : undefined;
}

/** @throws {Error} listing the packages, where they cannot be installed from here */
export async function ensureDebianPackages(packages = TEST_PACKAGES) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const shell = spawnSync('apt-get', ['--version']).error ? undefined : asRoot();
  if (!shell) {
    throw new Error(`These Debian packages are needed and cannot be installed from here (not root, no passwordless sudo, or no
apt-get). Install them and begin again:

  apt-get install --no-install-recommends ${missing.join(' ')}`);
  }
  await step(`install Debian packages: ${missing.join(' ')}`, () =>
    run([...shell, installScript(missing)], { timeout: INSTALL_MILLISECONDS }),
  );
}
