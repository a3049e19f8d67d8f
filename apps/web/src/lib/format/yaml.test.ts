import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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

  it.each([
    'one\ntwo',
    'one\ntwo\n',
    'one\n\ntwo\n\n',
    '  a\nb',
    '\ta\nb',
    '\n\na',
    'a\n  b \n c',
    'a\nb ',
    'a\nb\rteam: evil',
    'a\r\nteam: evil',
    'a\nb\u2028team: evil',
    'a\nb\u2029team: evil',
    'a\nb\u0085team: evil',
    'a\u0085team: evil',
    'a\u2028team: evil',
    '\ufeffa\nb',
    'a\n\u0007b',
    'a\n---\nb',
    '# a\n# b',
    '- a\n- b',
    '\n',
    '',
  ])('says %j to a reader of YAML 1.1 and of YAML 1.2', (text) => {
    const yaml = `${toYaml({ text, list: [text], inner: { text }, team: 'orders' })}\n`;
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(yaml, { version })).toEqual({ text, list: [text], inner: { text }, team: 'orders' });
    // Whatever reader breaks a line there, the text does not hold it as it is.
    expect(yaml).not.toMatch(/[\r\u0085\u2028\u2029]/);
  });
});
