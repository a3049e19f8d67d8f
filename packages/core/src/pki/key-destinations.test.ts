import { describe, expect, it } from 'vitest';
import { isKeyDestination, keyDestinations } from './key-destinations.ts';

const read = (text: string) => keyDestinations.parse(text);

describe('the servers that private keys may be handed to', () => {
  it('are origins, between white space or commas, and none where nothing is said', () => {
    expect(read(' https://k8s-1.example.org:6443,https://K8S-2.example.org:443/\nhttps://[2001:DB8::1]:6443 https://10.0.0.1')).toEqual([
      'https://k8s-1.example.org:6443',
      'https://k8s-2.example.org',
      'https://[2001:db8::1]:6443',
      'https://10.0.0.1',
    ]);
    expect([read(''), read(' , ')]).toEqual([[], []]);
  });

  it.each([
    'k8s-1.example.org',
    'k8s-1.example.org:6443',
    'http://k8s-1.example.org',
    'https://somebody@k8s-1.example.org',
    'https://@k8s-1.example.org',
    'https://k8s-1.example.org/path',
    'https://k8s-1.example.org?',
    'https://k8s-1.example.org#',
    'https://*',
    'https://*.example.org',
    'https://k8s-1.example.org:*',
    'https://localhost.example.org:*',
    'https://0.0.0.0:*',
    'https://localhost:0x1',
    'https://k8s-1.example.org:65536',
    `https://${'a'.repeat(300)}`,
    'https://a b',
    '*',
    'null',
    'arn:aws:acm:eu-central-1:*',
    'arn:aws:acm:*:123456789012',
    'arn:aws:acm:eu-central-1:123456789012:certificate/1',
    'arn:aws:s3:eu-central-1:123456789012',
    'arn:evil:acm:eu-central-1:123456789012',
  ])('are not %j, alone or among others', (text) => {
    for (const all of [text, `https://k8s-1.example.org ${text}`]) expect(keyDestinations.safeParse(all).success).toBe(false);
  });

  it('are accounts of AWS, too, each in its region', () =>
    expect(read('arn:aws:acm:eu-central-1:123456789012,arn:aws-cn:acm:cn-north-1:123456789012')).toEqual([
      'arn:aws:acm:eu-central-1:123456789012',
      'arn:aws-cn:acm:cn-north-1:123456789012',
    ]));

  it('are bounded', () => {
    const of = (count: number) => Array.from({ length: count }, (_, at) => `https://k8s-${at}.example.org`).join(' ');
    expect(read(of(200))).toHaveLength(200);
    expect(keyDestinations.safeParse(of(201)).success).toBe(false);
  });

  const listed = read('https://k8s-1.example.org:6443 https://k8s-2.example.org https://localhost:*');
  it.each([
    'https://k8s-1.example.org:6443',
    'https://K8S-1.example.org:6443/with/a/path',
    'https://k8s-2.example.org:443',
    'https://localhost:1',
    'https://localhost',
  ])('have %s among them by its origin', (address) => expect(isKeyDestination(listed, address)).toBe(true));

  it.each([
    'https://k8s-1.example.org',
    'https://k8s-1.example.org:443',
    'https://k8s-1.example.org:64430',
    'https://k8s-1.example.org.:6443',
    'https://k8s-1.example.org.evil.test:6443',
    'https://k8s-1.example.org:6443@evil.test',
    'http://k8s-2.example.org',
    'https://127.0.0.1:1',
    'http://localhost:1',
    'https://localhost.evil.test:1',
  ])('do not have %s among them', (address) => expect(isKeyDestination(listed, address)).toBe(false));

  it('have nothing among them where there are none', () => expect(isKeyDestination([], 'https://localhost:1')).toBe(false));
});
