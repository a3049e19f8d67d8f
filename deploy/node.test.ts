// Which Node: one for what is deployed and developed on, and a floor for the two commands.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeNode, requireNode } from '../scripts/install.mjs';
import { NODE_RELEASES, withNode } from '../scripts/node-release.mjs';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const { engines } = JSON.parse(read('package.json'));
const line = read('.nvmrc').trim();

describe('the Node of images and .nvmrc', () => {
  it.each(['apps/web/Dockerfile', 'apps/worker/Dockerfile'])('is the base of %s', (path) => {
    expect(read(path)).toMatch(new RegExp(`^ARG BASE=node:${line}-bookworm-slim$`, 'm'));
    expect(read(path).match(/^FROM (?!build )(?!\$\{BASE\})/gm)).toBeNull();
  });

  it('is every Node of docker-compose.yml', () => {
    const images = [...read('docker-compose.yml').matchAll(/image: (node:\S+)/g)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set([`node:${line}-bookworm-slim`]));
  });

  it('is a release that the suite can be run under', () => {
    expect(Object.keys(NODE_RELEASES)).toContain(line);
  });
});

describe('the floor', () => {
  it('is what package.json says, and the oldest release that the suite can be run under', () => {
    const [, floor = ''] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? [];
    expect(NODE_RELEASES[20]).toBe(`${floor}.0`);
    expect(() => requireNode(`${floor}.0`)).not.toThrow();
    const [major = 0, minor = 0] = floor.split('.').map(Number);
    expect(() => requireNode(`${major}.${minor - 1}.9`)).toThrow(`Node ${floor} or later is needed`);
    expect(() => requireNode(`${major - 1}.99.0`)).toThrow(`Node ${floor} or later is needed`);
  });

  it.each([
    ['20.19.0', 'no more fixes'],
    ['22.23.3', ''],
    ['24.21.0', ''],
  ])('is said by npm start, with what that means: %s', (version, remark) => {
    expect(describeNode(version)).toContain(`Node ${version}`);
    expect(describeNode(version).slice(`Node ${version}`.length) === '').toBe(remark === '');
    expect(describeNode(version)).toContain(remark);
  });
});

describe('a command under another Node', () => {
  it('finds that one first, with npm exec too, and keeps the settings of the user', () => {
    const outer = {
      PATH: '/usr/bin',
      npm_config_prefix: '/usr',
      npm_node_execpath: '/usr/bin/node',
      npm_config_registry: 'https://npm.example',
    };
    expect(withNode('/other/bin/node', outer)).toEqual({ PATH: '/other/bin:/usr/bin', npm_config_registry: 'https://npm.example' });
  });
});
