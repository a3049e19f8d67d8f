import { describe, expect, it } from 'vitest';
import { addressFault, embeddedIpv4, inRange, neverFault, parseAddress, parseRange, rangeFault } from './address.ts';

const everything = ['0.0.0.0/0', '::/0'].flatMap((text) => parseRange(text) ?? []);
function fault(text: string, allowed = [] as typeof everything): string | null {
  const address = parseAddress(text);
  if (address === null) throw new TypeError(`${text} is no address`);
  return addressFault(address, allowed);
}

/** A range, its first and its last address, and what it is; beside them the neighbours that are public. */
const notPublic: readonly (readonly [first: string, last: string, why: string])[] = [
  ['10.0.0.0', '10.255.255.255', 'private'],
  ['100.64.0.0', '100.127.255.255', 'carrier-grade NAT'],
  ['127.0.0.0', '127.255.255.255', 'loopback'],
  ['172.16.0.0', '172.31.255.255', 'private'],
  ['192.0.0.0', '192.0.0.255', 'IETF protocols'],
  ['192.0.2.0', '192.0.2.255', 'documentation'],
  ['192.31.196.0', '192.31.196.255', 'AS112'],
  ['192.52.193.0', '192.52.193.255', 'relay'],
  ['192.88.99.0', '192.88.99.255', 'relay'],
  ['192.168.0.0', '192.168.255.255', 'private'],
  ['192.175.48.0', '192.175.48.255', 'AS112'],
  ['198.18.0.0', '198.19.255.255', 'benchmarks'],
  ['198.51.100.0', '198.51.100.255', 'documentation'],
  ['203.0.113.0', '203.0.113.255', 'documentation'],
  ['240.0.0.0', '255.255.255.254', 'reserved'],
  ['::1', '::1', 'loopback'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'no public address'],
  ['100::', '100::ffff:ffff:ffff:ffff', 'no public address'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'IETF protocols'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff', 'AS112'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['4000::', '5fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'no public address'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'no public address'],
  ['64:ff9b::10.0.0.0', '64:ff9b::10.255.255.255', 'leads to 10.'],
  ['2002:a00::', '2002:aff:ffff:ffff:ffff:ffff:ffff:ffff', 'leads to 10.'],
  ['::ffff:192.168.0.0', '::ffff:192.168.255.255', 'leads to 192.168.'],
];

const nobodyMay: readonly (readonly [first: string, last: string, why: string])[] = [
  ['0.0.0.0', '0.255.255.255', 'unspecified'],
  ['100.100.100.200', '100.100.100.200', 'metadata'],
  ['168.63.129.16', '168.63.129.16', 'metadata'],
  ['169.254.0.0', '169.254.255.255', 'link-local'],
  ['192.0.0.192', '192.0.0.192', 'metadata'],
  ['224.0.0.0', '239.255.255.255', 'multicast'],
  ['255.255.255.255', '255.255.255.255', 'broadcast'],
  ['::', '::', 'unspecified'],
  ['fd00:ec2::254', 'fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'fd20:ce::254', 'metadata'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link-local'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
  ['64:ff9b::168.63.129.16', '64:ff9b::168.63.129.16', 'metadata'],
  ['2002:a9fe:a9fe::', '2002:a9fe:a9fe::', 'link-local'],
];

describe('an address that is not public', () => {
  it.each(notPublic)('%s to %s passes only where its range is allowed', (first, last, why) => {
    for (const text of [first, last]) {
      expect(fault(text)).toContain(why);
      expect(fault(text, everything)).toBeNull();
    }
  });

  it.each(nobodyMay)('%s to %s passes nowhere', (first, last, why) => {
    for (const text of [first, last]) {
      expect(fault(text)).toContain(why);
      expect(fault(text, everything)).toContain(why);
    }
  });
});

describe('a public address', () => {
  it.each([
    '1.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '168.63.129.15',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
    '192.0.1.0',
    '192.0.3.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.99.255',
    '198.51.101.0',
    '203.0.112.255',
    '203.0.114.0',
    '223.255.255.255',
    '2000::',
    '2001:200::',
    '2001:db7:ffff::',
    '2001:db9::',
    '2606:4700::1',
    '3ffe:ffff::',
    '3fff:1000::',
    '64:ff9b::8.8.8.8',
    '2002:808:808::',
    '::ffff:8.8.8.8',
  ])('%s passes', (text) => {
    expect(fault(text)).toBeNull();
  });
});

describe('a range', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.0'],
    ['172.16.0.0/12', '172.31.0.1', '172.32.0.0'],
    ['192.168.1.1/32', '192.168.1.1', '192.168.1.2'],
    ['0.0.0.0/0', '8.8.8.8', '::1'],
    ['fd00::/9', 'fd7f::1', 'fd80::'],
  ])('%s holds %s and not %s', (text, inside, outside) => {
    const range = parseRange(text);
    const holds = (address: string) => range !== null && inRange(parseAddress(address) ?? [], range);
    expect(holds(inside)).toBe(true);
    expect(holds(outside)).toBe(false);
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8 ',
    'x/8',
    '1.2.3.256/8',
  ])('is not %j', (text) => {
    expect(parseRange(text)).toBeNull();
  });
});

describe('a range that somebody wants to allow', () => {
  const faultOf = (text: string) => {
    const range = parseRange(text);
    if (range === null) throw new TypeError(`${text} is no range`);
    return rangeFault(range);
  };

  it.each(['0.0.0.0/0', '::/0'])('%s is everything, and refused', (text) => {
    expect(faultOf(text)?.why).toBe('it holds every address there is');
  });

  it.each(['169.254.0.0/16', '169.254.169.254/32', '224.0.0.0/8', 'fe80::/10', 'ff02::/16', '168.63.129.16/32'])(
    '%s is what nobody may allow',
    (text) => {
      expect(faultOf(text)).not.toBeNull();
    },
  );

  it.each(['10.0.0.0/8', '169.0.0.0/8', '127.0.0.1/32', 'fd00::/8', '::1/128', '168.63.129.0/24'])('%s can be allowed', (text) => {
    expect(faultOf(text)).toBeNull();
  });
});

it('an address that nobody may connect to is none in the form of IPv6 either; a private one somebody may', () => {
  const octets = (text: string) => parseAddress(text) ?? [];
  for (const text of ['169.254.169.254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '224.0.0.1', '::', 'fe80::1'])
    expect(neverFault(octets(text))).not.toBeNull();
  for (const text of ['127.0.0.1', '10.0.0.1', '192.0.2.53', '::1', 'fd00::1', '1.1.1.1']) expect(neverFault(octets(text))).toBeNull();
  expect(embeddedIpv4(octets('64:ff9b::1.1.1.1'))).toEqual([1, 1, 1, 1]);
});
