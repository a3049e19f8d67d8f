import { describe, expect, it } from 'vitest';
import { segments } from './segments';

const text = (...input: Parameters<typeof segments>) => segments(...input).map(({ kind, text }) => `${kind} ${text}`);

describe('a hostname is cut where its owners change', () => {
  it.each([
    ['orders.prod.example.test', 'example.test', 'prod.example.test', ['yours orders', 'granted .prod', 'zone .example.test']],
    ['orders.dev.example.test', 'dev.example.test', 'dev.example.test', ['yours orders', 'zone .dev.example.test']],
    ['a.b.dev.example.test', 'dev.example.test', 'example.test', ['yours a.b', 'zone .dev.example.test']],
    ['prod.example.test', 'example.test', 'prod.example.test', ['granted prod', 'zone .example.test']],
    ['example.test', 'example.test', null, ['zone example.test']],
    ['orders.elsewhere.test', null, null, ['yours orders.elsewhere.test']],
    ['evilexample.test', 'example.test', null, ['yours evilexample.test']],
    ['Orders.DEV.example.test', 'example.test', 'dev.example.test', ['yours Orders', 'granted .DEV', 'zone .example.test']],
  ] as const)('%s in %s under %s', (hostname, zone, granted, expected) => {
    expect(text(hostname, zone, granted)).toEqual(expected);
    expect(
      segments(hostname, zone, granted)
        .map((segment) => segment.text)
        .join(''),
    ).toBe(hostname);
  });
});
