import { expect, it } from 'vitest';
import { zoneNameOf } from './zone-name.ts';

it.each([
  ['_msdcs.Example.TEST.', '_msdcs.example.test'],
  ['_sites.dc._msdcs.example.test', '_sites.dc._msdcs.example.test'],
  ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa'],
  [' 128/25.2.0.192.IN-ADDR.ARPA. ', '128/25.2.0.192.in-addr.arpa'],
])('%s is the name of a zone', (text, name) => expect(zoneNameOf(text)).toBe(name));

it.each([
  'example.test',
  '_msdcs',
  'example.test/path',
  '0/25.example.test',
  'https://_x.example.test',
  '*._msdcs.example.test',
  '_msdcs..example.test',
  '._msdcs.example.test',
  `_${'x'.repeat(63)}.example.test`,
  `_x.${'a.'.repeat(130)}test`,
  '_ms dcs.example.test',
])('%s is none that is no hostname', (text) => expect(zoneNameOf(text)).toBeNull());
