import { expect, it } from 'vitest';
import { completeList, crlShards, listAddress, listsOf, shardOf } from './crl-shard.ts';
import { newSerial } from './serial.ts';

it('a CA that signs leaves has the complete list and one for each shard, a root the complete one', () => {
  expect(listsOf(false)).toEqual([completeList]);
  expect(listsOf(true)).toEqual([completeList, ...Array.from({ length: crlShards }, (_, index) => index + 1)]);
});

it('the shard of a certificate is what it was when it was issued', () => {
  expect(['00', '1F', '20', '7F', 'FF'].map((octet) => shardOf(`${'AB'.repeat(15)}${octet}`))).toEqual([1, 32, 1, 32, 32]);
  expect([shardOf('ab'.repeat(16)), shardOf('AB'.repeat(16))]).toEqual([12, 12]);
});

it('shards are of one size, within what chance allows', () => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 32_000; n += 1) {
    const shard = shardOf(newSerial());
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(listsOf(true).slice(1));
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(300);
});

it('a list is found beside the complete one', () => {
  const complete = 'http://pki.example.test/pki/internal-ca-1.crl';
  expect(listAddress(complete, completeList)).toBe(complete);
  expect(listAddress(complete, 7)).toBe('http://pki.example.test/pki/internal-ca-1.7.crl');
});
