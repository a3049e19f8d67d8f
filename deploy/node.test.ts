// Which Node: one for what is deployed and developed on, and the floor of each line for the two commands.
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
  it('is what package.json says, and of the oldest line the release that the suite can be run under', () => {
    expect(engines.node).toBe('^20.19 || ^22.13 || >=24');
    expect(NODE_RELEASES[20]).toBe('20.19.0');
  });

  it.each(['20.19.0', '20.20.2', '22.13.0', '24.0.0', '25.1.0', ...Object.values(NODE_RELEASES)])('lets %s pass', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  // Under 22.11 the installation itself ended in the middle, in the words of a package.
  it.each(['18.20.8', '20.18.9', '21.7.3', '22.11.0', '22.12.0', '23.11.0'])('refuses %s before anything is installed', (version) => {
    expect(() => requireNode(version)).toThrow(`Node 20.19, 22.13 or 24 (or later of these) is needed, this is ${version}.`);
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
