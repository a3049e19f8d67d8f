import { describe, expect, it } from 'vitest';
import { toYaml } from './yaml';

describe('a contract as YAML', () => {
  it('nests objects, lists strings, quotes what YAML would read otherwise, and leaves out what is undefined', () => {
    const contract = {
      hostname: 'orders.dev.example.test',
      target: { addresses: ['127.0.0.1', '2001:db8::1'] },
      ttl: 60,
      tls: { extraNames: [], csr: undefined, minVersion: '1.2' },
      note: 'no',
      escalation: '#orders-oncall',
    };
    expect(toYaml(contract)).toBe(
      [
        'hostname: orders.dev.example.test',
        'target:',
        '  addresses:',
        '    - "127.0.0.1"',
        '    - "2001:db8::1"',
        'ttl: 60',
        'tls:',
        '  extraNames: []',
        '  minVersion: "1.2"',
        'note: "no"',
        'escalation: "#orders-oncall"',
      ].join('\n'),
    );
  });

  it('keeps a text of several lines readable', () => {
    expect(toYaml({ csr: '-----BEGIN-----\nabc\n-----END-----\n' })).toBe('csr: |\n  -----BEGIN-----\n  abc\n  -----END-----');
  });

  it('puts the members of a listed object under its dash', () => {
    expect(toYaml({ rows: [{ a: 1, b: 'x' }] })).toBe('rows:\n  - a: 1\n    b: x');
  });
});
