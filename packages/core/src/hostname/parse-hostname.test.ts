import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rounds } from '../testing/soak.ts';
import { toAscii } from './idna.ts';
import { hostnameOf, isStoredHostname, parseHostname, skeletonOf, storedHostname, toUnicode } from './parse-hostname.ts';

const codes = (input: unknown): string[] => {
  const result = parseHostname(input);
  return result.ok ? [] : result.violations.map(({ rule }) => rule);
};

describe('a hostname is stored in one canonical form', () => {
  it.each([
    ['Orders.Dev.Example.TEST', 'orders.dev.example.test'],
    ['orders.dev.example.test.', 'orders.dev.example.test'],
    ['*.Dev.Example.test', '*.dev.example.test'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['ｏｒｄｅｒｓ．example。test｡', 'orders.example.test'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['日本語jp.test', 'xn--jp-5t7du0ck91h.test'],
    ['क्‍ष.test', 'xn--11b2ezcw70k.test'],
    ['l·l.cat', 'xn--ll-0ea.cat'],
    ['sıcak.test', 'xn--scak-lza.test'],
    ['café.test', 'xn--caf-dma.test'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
    ['3com.3com', '3com.3com'],
    ['123.test', '123.test'],
    ['localhost', 'localhost'],
    [`${'a'.repeat(63)}.b`, `${'a'.repeat(63)}.b`],
  ])('%s', (input, canonical) => {
    const result = parseHostname(input);
    expect(result).toMatchObject({ ok: true, hostname: canonical });
  });

  it('shows the U-label form', () => {
    expect(parseHostname('*.XN--BCHER-KVA.example')).toMatchObject({ ok: true, unicode: '*.bücher.example' });
    expect(toUnicode(hostnameOf('faß.example'))).toBe('faß.example');
  });
});

describe('what is not a hostname is refused under a stable code', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing', '', ['hostname-syntax']],
    ['white space', '  \t', ['hostname-syntax']],
    ['the root', '.', ['hostname-empty-label']],
    ['two dots', 'bad..name', ['hostname-empty-label']],
    ['a dot in front', '.example.test', ['hostname-empty-label']],
    ['two dots at the end', 'example.test..', ['hostname-empty-label']],
    ['ideographic empty label', 'a。。b', ['hostname-empty-label']],
    ['an underscore', '_dmarc.example.test', ['hostname-underscore']],
    ['a fullwidth underscore', 'a＿b.example.test', ['hostname-underscore']],
    ['an IPv4 address', '1.2.3.4', ['hostname-address']],
    ['an IPv4 address with a trailing dot', '127.0.0.1.', ['hostname-address']],
    ['an IPv4 address as one number', '2130706433', ['hostname-address']],
    ['an IPv4 address in hexadecimal', '0x7f.1', ['hostname-address']],
    ['an IPv4 address as one hexadecimal number', '0x7F000001', ['hostname-address']],
    ['an empty hexadecimal number', 'example.0x', ['hostname-address']],
    ['fullwidth digits', '１.２.３.４', ['hostname-address']],
    ['a numeric top level', 'example.123', ['hostname-address']],
    ['IPv6', '::1', ['hostname-address']],
    ['IPv6 in brackets', '[2001:db8::1]', ['hostname-address']],
    ['IPv6 with IPv4', '::ffff:127.0.0.1', ['hostname-address']],
    ['a URL', 'https://example.test/', ['hostname-syntax']],
    ['a port', 'example.test:443', ['hostname-syntax']],
    ['a path', 'example.test/health', ['hostname-syntax']],
    ['a user', 'me@example.test', ['hostname-syntax']],
    ['percent encoding', 'a%2eb.test', ['hostname-syntax']],
    ['a space', ' example.test', ['hostname-syntax']],
    ['NUL', 'a\u0000b.test', ['hostname-syntax']],
    ['a line break', 'a.test\n', ['hostname-syntax']],
    ['a backslash', 'a\\b.test', ['hostname-syntax']],
    ['a character that maps to a slash', '℀.test', ['hostname-syntax']],
    ['a hyphen in front', '-a.test', ['hostname-hyphen']],
    ['a hyphen at the end', 'a-.test', ['hostname-hyphen']],
    ['a reserved prefix', 'ab--c.test', ['hostname-hyphen']],
    ['a wildcard within', 'a.*.test', ['hostname-wildcard']],
    ['a wildcard alone', '*', ['hostname-wildcard']],
    ['part of a label as wildcard', 'a*.test', ['hostname-wildcard']],
    ['two wildcards', '*.*.test', ['hostname-wildcard']],
    ['a label of 64', `${'a'.repeat(64)}.test`, ['hostname-length']],
    ['an internationalised label too long as A-label', `${'ü'.repeat(60)}.test`, ['hostname-length']],
    ['a name of 254', `${'a.'.repeat(126)}ab`, ['hostname-length']],
    ['300 labels', 'a.'.repeat(300), ['hostname-length']],
    ['a megabyte', 'a'.repeat(1_000_000), ['hostname-length']],
    ['a symbol', '☃.test', ['hostname-idna']],
    ['an emoji', '❤️.test', ['hostname-idna']],
    ['an emoji as A-label', 'xn--ls8h.la', ['hostname-idna']],
    ['an A-label that does not decode', 'xn--a.test', ['hostname-idna']],
    ['an empty A-label', 'xn--.test', ['hostname-idna']],
    ['an A-label of plain ASCII', 'xn--abc-.test', ['hostname-idna']],
    ['a direction override', '\u202eabc.test', ['hostname-idna']],
    ['a joiner out of context', 'a\u200db.test', ['hostname-idna']],
    ['a middle dot out of context', 'a·b.test', ['hostname-idna']],
    ['a letter that only stretches a word', 'س\u0640م.test', ['hostname-idna']],
    ['old Hangul jamo', '\u1113.test', ['hostname-idna']],
    ['a combining mark in front', '\u0301a.test', ['hostname-idna']],
    ['a number beside a right-to-left label', '1a.سلام', ['hostname-idna']],
    ['an unassigned code point', '\u{e0fff}.test', ['hostname-idna']],
    ['a lone surrogate', '\ud800.test', ['hostname-idna']],
    ['a historic script', '\u{10380}\u{10381}.test', ['hostname-script']],
    ['Latin with one Cyrillic letter', 'pаypal.test', ['hostname-mixed-script']],
    ['Cyrillic with one Latin letter', 'раураl.test', ['hostname-mixed-script']],
    ['Greek with Latin', 'gοogle.test', ['hostname-mixed-script']],
    ['mixed scripts as A-label', 'xn--pypal-4ve.test', ['hostname-mixed-script']],
    ['digits of two scripts', '1१.test', ['hostname-mixed-script']],
    ['wholly Cyrillic look-alikes', 'раурау.test', ['hostname-confusable']],
    ['wholly Cyrillic look-alikes with a palochka', 'раураӏ.test', ['hostname-confusable']],
    ['Latin alpha for a', 'pɑypɑl.test', ['hostname-confusable']],
    ['Greek look-alikes', 'νοτ.test', ['hostname-confusable']],
    ['Armenian look-alikes', 'սո.test', ['hostname-confusable']],
    ['a number', 7, ['hostname-syntax']],
    ['null', null, ['hostname-syntax']],
    ['an object', { toString: () => 'example.test' }, ['hostname-syntax']],
  ])('%s', (_, input, expected) => {
    expect(codes(input)).toEqual(expected);
  });

  it('names every broken rule at once, with a remedy and the field', () => {
    const result = parseHostname('-a_b..*x.☃.1.', 'tls.extraNames.2');
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(new Set(result.violations.map(({ rule }) => rule))).toEqual(
      new Set(['hostname-hyphen', 'hostname-underscore', 'hostname-empty-label', 'hostname-wildcard', 'hostname-idna', 'hostname-address']),
    );
    for (const violation of result.violations) {
      expect(violation.path).toBe('tls.extraNames.2');
      expect(violation.remedy).not.toBe('');
    }
  });

  it('keeps messages short and free of control characters, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1100 }), (input) => {
        const result = parseHostname(input);
        if (result.ok) return;
        expect(result.violations.length).toBeGreaterThan(0);
        expect(result.violations.length).toBeLessThanOrEqual(20);
        for (const { reason } of result.violations) {
          expect(reason.length).toBeLessThan(700);
          expect(reason).not.toMatch(/\p{Cc}|\p{Cf}/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parsing holds for any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'aZ09-._*xn。．ßüаоρӏ١१日本ｱ\u200d\u0301☃:/@ \u0000'), maxLength: 30 }),
    fc
      .array(fc.string({ unit: fc.constantFrom(...'abcz019-éüßж日'), minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 })
      .map((labels) => labels.join('.')),
    fc.string({ unit: fc.constantFrom(...'abcdefghij0123456789-'), maxLength: 20 }).map((rest) => `xn--${rest}.test`),
  );

  it('never throws, and what it accepts is LDH within the limits', () => {
    fc.assert(
      fc.property(text, (input) => {
        const result = parseHostname(input);
        if (!result.ok) return;
        expect(result.hostname).toMatch(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(result.hostname.length).toBeLessThanOrEqual(253);
        expect(isStoredHostname(result.hostname)).toBe(true);
        expect(result.hostname).not.toMatch(/(^|\.)(\d+|0x[0-9a-f]*)$/);
      }),
      { numRuns: rounds(3000, 1_000_000) },
    );
  });

  it('gives the same name for the name, its U-labels, capitals and a trailing dot', () => {
    fc.assert(
      fc.property(text, (input) => {
        const result = parseHostname(input);
        if (!result.ok) return;
        const { hostname, unicode } = result;
        for (const form of [hostname, unicode, `${hostname}.`, hostname.toUpperCase()])
          expect(parseHostname(form)).toEqual({ ok: true, hostname, unicode });
      }),
      { numRuns: rounds(2000, 300_000) },
    );
  });
});

describe('a stored name is one', () => {
  it.each(['orders.example.test', '*.example.test', 'xn--bcher-kva.example', 'a.1b', 'a--b.c'])('in canonical form: %s', (text) => {
    expect(storedHostname(text)).toBe(text);
  });

  it.each(['', '.', 'A.test', 'a.test.', 'bücher.test', 'a_b.test', '-a.test', 'a..test', 'a.*.test', `${'a.'.repeat(127)}a`])(
    'and in no other: %s',
    (text) => expect(() => storedHostname(text)).toThrow(TypeError),
  );
});

describe('a skeleton is shared by names that read alike', () => {
  it.each([
    ['login.example.test', 'l0gin.example.test'],
    ['web1.example.test', 'webl.example.test'],
    ['modern.example.test', 'modem.example.test'],
    ['wolf.example.test', 'vvolf.example.test'],
    ['sicak.example.test', 'sıcak.example.test'],
  ])('%s and %s', (one, other) => {
    expect(skeletonOf(hostnameOf(one))).toBe(skeletonOf(hostnameOf(other)));
  });

  it('is different for names that do not', () => {
    expect(skeletonOf(hostnameOf('orders.example.test'))).not.toBe(skeletonOf(hostnameOf('order.example.test')));
  });
});

describe('what is long', () => {
  it.each([
    ['labels that need a table each', 'é.'.repeat(120)],
    ['labels that would break another rule', 'а.'.repeat(120)],
    [
      'different labels',
      Array.from({ length: 60 }, (_, at) => `é${String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26))}`).join('.'),
    ],
  ])('is refused before a table is asked: %s', (_, name) => {
    expect(codes(name)).toEqual(['hostname-length']);
  });

  it('is looked at once for each label: what one label is told, none of its twins is', () => {
    expect(codes(`${'ａ＿b.'.repeat(40)}test`)).toEqual(['hostname-underscore']);
  });

  it.each(['1:a:', ':::'])('is no IPv6 address, and is not looked at as one: %s…', (text) => {
    expect(codes(`${text.repeat(400).slice(0, 1023)}g`)).not.toContain('hostname-address');
    expect(codes(`${text.repeat(400).slice(0, 1023)}a`)).not.toContain('hostname-address');
  });

  it.each(['::', '1::', '[::1]', 'fe80::1%eth0', '[fe80::1%25eth0]', '::ffff:192.0.2.1', '2001:DB8::1', '1:2:3'])('%s is one', (text) => {
    expect(codes(text)).toEqual(['hostname-address']);
  });

  it('as it is typed is no reason against a name that is short enough as A-labels', () => {
    const character = fc.constantFrom(...'aßΐşéｅﬁ\u00ad\u200bİẞ日ü字ŉ1-', 'u\u0308', '\ufe0f');
    const name = fc.array(
      fc.array(character, { minLength: 1, maxLength: 60 }).map((some) => some.join('')),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(name, (labels) => {
        const text = labels.join('.');
        const ascii = toAscii(text);
        fc.pre(
          ascii !== null &&
            ascii.length <= 253 &&
            text.length <= 1024 &&
            ascii.split('.').every((label) => label !== '' && label.length <= 63),
        );
        expect(codes(text)).not.toContain('hostname-length');
      }),
      { numRuns: rounds(200, 5_000) },
    );
  });
});
