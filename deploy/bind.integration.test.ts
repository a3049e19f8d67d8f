import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('./bind', import.meta.url));

describe('the name server of docker-compose.yml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-bind-'));
  const initialise = (): void => void execFileSync(join(source, 'init.sh'), [folder, source]);
  beforeAll(initialise);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gets a configuration and a zone that BIND accepts', () => {
    const config = join(folder, 'named.conf');
    const text = readFileSync(join(source, 'named.conf'), 'utf8').replaceAll('/var/lib/bind', folder).replaceAll('/var/cache/bind', folder);
    writeFileSync(config, text);
    expect(execFileSync('named-checkconf', ['-z', config], { encoding: 'utf8' })).toContain('zone example.test/IN: loaded serial 1');
  });

  it('keeps its key at the next start, for its owner only', () => {
    const key = join(folder, 'hostmaster.key');
    const before = readFileSync(key, 'utf8');
    expect(before).toMatch(/algorithm hmac-sha256;\s+secret "[A-Za-z0-9+/]{43}=";/);
    initialise();
    expect(readFileSync(key, 'utf8')).toBe(before);
    expect(statSync(key).mode & 0o077).toBe(0);
  });

  it('has no secret in the repository', () => {
    for (const name of ['named.conf', 'example.test.zone']) expect(readFileSync(join(source, name), 'utf8')).not.toMatch(/secret\s+"/);
  });
});
