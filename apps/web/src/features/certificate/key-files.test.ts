import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { keyFiles } from './key-files';

const { intermediate, leaf } = await testAuthority();
const chainPem = chainToPem([await leaf(), intermediate]);
const privateKeyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const stores = { p12: btoa('\u0000ÿ'), 'legacy.p12': btoa('older'), jks: btoa('java') };
const files = (name = 'orders.example.test') => keyFiles(name, chainPem, { privateKeyPem, passphrase: 'secret', stores });
const content = (ending: string) => files().find(({ filename }) => filename === `orders.example.test.${ending}`)?.content;

it('HAProxy reads one file, leaf first, in which the key follows the chain', () => {
  const whole = String(content('pem'));
  expect(whole.startsWith(chainPem)).toBe(true);
  expect(createPrivateKey(whole.slice(chainPem.length)).asymmetricKeyType).toBe('ec');
});

it('Kubernetes reads a Secret of type tls, with both in base64', () => {
  const { metadata, type, data } = parse(String(content('secret.yaml')));
  expect([metadata.name, type]).toEqual(['orders-example-test-tls', 'kubernetes.io/tls']);
  expect([atob(data['tls.crt']), atob(data['tls.key'])]).toEqual([chainPem, privateKeyPem]);
});

it('stores keep their octets as they are, and say that they are locked; the others are not', () => {
  expect(content('p12')).toEqual(Uint8Array.of(0, 255));
  const locked = files().flatMap(({ filename, locked: is }) => (is ? [filename.replace('orders.example.test.', '')] : []));
  expect(locked).toEqual(['p12', 'legacy.p12', 'jks']);
});

it('a wildcard gives names that file systems and Kubernetes take', () => {
  expect(files('*.dev.example.test').every(({ filename }) => /^_wildcard\.dev\.example\.test\.[a-z0-9.]+$/.test(filename))).toBe(true);
  const secret = keyFiles('*.dev.example.test', chainPem, { privateKeyPem, passphrase: 'x', stores }).at(-1)?.content;
  expect(parse(String(secret)).metadata.name).toBe('wildcard-dev-example-test-tls');
});
