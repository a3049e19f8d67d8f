import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { requestInput, requestQuery, requestsQuery, reviewInput } from '@hostmaster/core/contract/request';
import { zoneInputOf } from '@hostmaster/core/contract/zone';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputRefused, invalidInput } from './violations.ts';

function violationsOf(schema: z.ZodType, input: unknown) {
  const { error } = schema.safeParse(input);
  return error === undefined ? [] : invalidInput(error.issues, input).violations;
}

const contract = { hostname: 'a.dev.example.test', team: 'orders', target: { addresses: ['192.0.2.1'] } };
const ask = (part: object) => ({ contract: { ...contract, ...part } });

describe('what is said of an input that cannot be read', () => {
  it.each([
    ['no target', ask({ target: undefined }), 'contract.target', 'missing-field', 'The field is missing.', /exactly one of/],
    ['an empty target', ask({ target: {} }), 'contract.target', 'no-such-form', /exactly one of/, /addresses/],
    [
      'two targets',
      ask({ target: { addresses: ['192.0.2.1'], cname: 'x' } }),
      'contract.target',
      'no-such-form',
      /exactly one of/,
      /cname/,
    ],
    [
      'no address',
      ask({ target: { addresses: ['x'] } }),
      'contract.target.addresses.0',
      'wrong-format',
      /not an IPv4 or IPv6/,
      /IPv4 and IPv6/,
    ],
    ['empty addresses', ask({ target: { addresses: [] } }), 'contract.target.addresses', 'too-few', 'It is empty.', /IPv4 and IPv6/],
    ['a number for a name', ask({ hostname: 5 }), 'contract.hostname', 'wrong-type', 'This is not a text.', /orders\.dev/],
    ['an empty name', ask({ hostname: '' }), 'contract.hostname', 'too-short', 'A hostname is needed.', /orders\.dev/],
    ['a long name', ask({ hostname: 'a'.repeat(2000) }), 'contract.hostname', 'too-long', /at most 253/, /orders\.dev/],
    ['a team in capitals', ask({ team: 'Orders' }), 'contract.team', 'wrong-format', /lower-case/, /order-platform/],
    ['an unknown view', ask({ view: 'secret' }), 'contract.view', 'unknown-value', /does not take/, '"public", "internal" or "partner"'],
    ['an odd TTL', ask({ ttl: 'soon' }), 'contract.ttl', 'no-such-form', /does not take/, /604800/],
    ['a port of 0', ask({ routing: { port: 0 } }), 'contract.routing.port', 'too-small', /too small/, /1 to 65535/],
    [
      'a path without slash',
      ask({ routing: { healthPath: 'x' } }),
      'contract.routing.healthPath',
      'wrong-format',
      /starts with/,
      /"\/health"/,
    ],
    ...['/$(id)`x`"|', '/ready?full=1', '/#', '/a%zz', '/<a>'].map(
      (healthPath) =>
        [
          `the path ${healthPath}`,
          ask({ routing: { healthPath } }),
          'contract.routing.healthPath',
          'health-path',
          /RFC 3986/,
          /"\/health"/,
        ] as const,
    ),
    ['many names', ask({ tls: { extraNames: Array(21).fill('a.b') } }), 'contract.tls.extraNames', 'too-many', /too many/, /list of names/],
    [
      'a word for a list, which is not also too long',
      ask({ tls: { usages: 'client' } }),
      'contract.tls.usages',
      'wrong-type',
      /not an? /,
      /./,
    ],
    [
      'a long reason',
      ask({ justification: 'x'.repeat(2001) }),
      'contract.justification',
      'too-long',
      /too long/,
      /at most 2000 characters/,
    ],
    [
      'a version from elsewhere',
      ask({ apiVersion: 'hostmaster/v2' }),
      'contract.apiVersion',
      'unknown-value',
      /does not take/,
      /hostmaster\/v1/,
    ],
    ['a range that is none', ask({ edge: { sources: ['all'] } }), 'contract.edge.sources.0', 'no-such-form', /no range/, /10\.0\.0\.0\/8/],
    ['a limit in words', ask({ edge: { rateLimit: 'some' } }), 'contract.edge.rateLimit', 'no-such-form', /requests a second/, /"none"/],
    ['a size in words', ask({ edge: { maxBody: 'big' } }), 'contract.edge.maxBody', 'wrong-format', /such as/, /512k/],
    [
      'a port without a name',
      ask({ routing: { backend: { port: '-' } } }),
      'contract.routing.backend.port',
      'wrong-format',
      /is named by/,
      /65535/,
    ],
    ['an owner in capitals', ask({ owners: { dns: 'Edge' } }), 'contract.owners.dns', 'wrong-format', /lower-case/, /./],
    ['a foreign control', ask({ edge: { cache: true } }), 'contract.edge.cache', 'unknown-field', /no such field/, /spelling/],
    ['a foreign field', ask({ colour: 1 }), 'contract.colour', 'unknown-field', /no such field/, /spelling/],
  ] as const)('%s', (_, input, path, rule, reason, remedy) => {
    expect(violationsOf(requestInput, input)).toEqual([
      { path, rule, reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) },
    ]);
  });

  it('of several texts that cannot be read each is named', () => {
    const input = ask({ target: { addresses: ['foo', '192.0.2.1', 'bar\n'] }, tls: { extraNames: ['', 'a'.repeat(2000)] } });
    expect(violationsOf(requestInput, input).map(({ path, reason }) => [path, reason])).toEqual([
      ['contract.target.addresses.0', 'This is not an IPv4 or IPv6 address: "foo".'],
      ['contract.target.addresses.2', 'This is not an IPv4 or IPv6 address: "barU+000A".'],
      ['contract.tls.extraNames.0', 'A hostname is needed.'],
      ['contract.tls.extraNames.1', `A hostname has at most 253 characters: "${'a'.repeat(40)}…".`],
    ]);
  });

  it.each(['/', '/a/%7Eb', "/~a-b.c_d!$&'()*+,;=:@"])('nothing of the path %s', (healthPath) => {
    expect(violationsOf(requestInput, ask({ routing: { healthPath } }))).toEqual([]);
  });

  it('nothing of an older path where the name is to be retired, and all else at once where it is not', () => {
    const old = ask({ routing: { healthPath: '/ready?full=1' } });
    expect(violationsOf(requestInput, { kind: 'retire', ...old })).toEqual([]);
    const paths = violationsOf(requestInput, ask({ routing: { healthPath: '/ready?full=1', port: 0 } })).map(({ path }) => path);
    expect(paths.sort()).toEqual(['contract.routing.healthPath', 'contract.routing.port']);
  });

  it.each([
    [requestsQuery, { queue: 'perhaps' }, 'queue', /neither true nor false/, 'Give true or false.'],
    [requestQuery, { id: 'x' }, 'id', /^This is not an id as the API answers it\.$/, /01890a5d/],
    [endpointsQuery, { limit: 1000 }, 'limit', /too big/, /1 to 200/],
    [endpointsQuery, { limit: 'ten' }, 'limit', 'This is not a number.', /1 to 200/],
    [
      reviewInput,
      { id: crypto.randomUUID(), decision: 'approve', planHash: 'x', reason: ' ' },
      'reason',
      /Say why/,
      /at least 1 character\./,
    ],
  ] as const)('%# of a query or a body', (schema, input, path, reason, remedy) => {
    expect(violationsOf(schema, input)).toEqual([
      expect.objectContaining({ path, reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) }),
    ]);
  });

  it('is the same whatever language zod speaks, and whatever it calls a thing', () => {
    const inputs = [
      ask({ target: undefined, ttl: 'soon', view: 'secret', hostname: '', team: 'Orders' }),
      ask({ hostname: 5, target: { addresses: ['x'] }, routing: { port: 0 }, colour: 1 }),
      {},
    ];
    const english = inputs.map((input) => violationsOf(requestInput, input));
    const before = z.config().localeError;
    z.config(z.locales.de());
    try {
      expect(inputs.map((input) => violationsOf(requestInput, input))).toEqual(english);
    } finally {
      z.config({ localeError: before });
    }
  });

  it('tells a choice that is missing from one that is wrong', () => {
    const given = { id: crypto.randomUUID(), planHash: 'x', reason: 'Because.' };
    const remedy = 'Give "approve" or "reject".';
    expect(violationsOf(reviewInput, given)).toEqual([expect.objectContaining({ path: 'decision', rule: 'missing-field', remedy })]);
    expect(violationsOf(reviewInput, { ...given, decision: 'perhaps' })).toEqual([
      expect.objectContaining({ path: 'decision', rule: 'unknown-value', remedy }),
    ]);
  });

  it('is never a multiple of what was sent', () => {
    const input = { contract, ...Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, 1])) };
    const { error } = requestInput.safeParse(input);
    const refusal = invalidInput(error?.issues ?? [], input);
    expect(refusal.message).toMatch(/^5000 things are not valid: k0, k1, .* …$/);
    expect(JSON.stringify([refusal.message, refusal.violations]).length).toBeLessThan(JSON.stringify(input).length / 2);
  });

  it('names everything at once', () => {
    expect(violationsOf(requestInput, { contract: { team: '', target: 5 } }).map(({ path }) => path)).toEqual([
      'contract.hostname',
      'contract.team',
      'contract.team',
      'contract.target',
    ]);
  });
});

describe('what is said of the connection of a zone', () => {
  const schema = zoneInputOf([...dnsProviderKinds.values()]);
  const settings = { primary: { address: '192.0.2.53' }, tsig: { name: 'key' } };
  const connection = { kind: 'rfc2136', settings, secret: 'c2VjcmV0IQ==' };
  const wrong = (part: object) => violationsOf(schema, { apex: 'a.test', ownerTeam: 'edge', connection: { ...connection, ...part } });

  it('nothing where it is right', () => {
    expect(wrong({})).toEqual([]);
  });

  it.each(['HMAC-SHA256', 'hmac-sha256.', ' Hmac-Sha512. '])(
    'nothing of the algorithm %s, which is stored in its one spelling',
    (algorithm) => {
      const tsig = { name: 'key', algorithm };
      const parsed = schema.parse({ apex: 'a.test', ownerTeam: 'edge', connection: { ...connection, settings: { ...settings, tsig } } });
      expect(parsed.connection.settings).toMatchObject({ tsig: { algorithm: algorithm.trim().toLowerCase().replace('.', '') } });
    },
  );

  it.each([
    ['hmac-md5', /MD5 is broken, and RFC 8945 forbids/],
    ['HMAC-MD5.SIG-ALG.REG.INT.', /MD5 is broken/],
    ['hmac-sha1', /SHA-1 is broken/],
    ['gss-tsig', /"gss-tsig" is not a TSIG algorithm that is taken\./],
  ])('that keys of %s are not taken, and why', (algorithm, reason) => {
    const tsig = { name: 'key', algorithm };
    expect(wrong({ settings: { ...settings, tsig } })).toEqual([
      {
        path: 'connection.settings.tsig.algorithm',
        rule: 'key-algorithm',
        reason: expect.stringMatching(reason),
        remedy: expect.stringContaining('tsig-keygen -a hmac-sha256'),
      },
    ]);
  });

  it.each([
    ['an unknown kind', { kind: 'paper' }, 'connection.kind', 'unknown-value', 'Give "rfc2136".'],
    ['no kind', { kind: undefined }, 'connection.kind', 'missing-field', 'Give "rfc2136".'],
    ['no settings', { settings: undefined }, 'connection.settings', 'missing-field', 'Give an object.'],
    ['a foreign setting', { settings: { ...settings, colour: 1 } }, 'connection.settings.colour', 'unknown-field', expect.any(String)],
    [
      'a name for an address',
      { settings: { ...settings, primary: { address: 'ns1.test' } } },
      'connection.settings.primary.address',
      'wrong-format',
      'Give an IPv4 or IPv6 address.',
    ],
    [
      'a name that no key can have',
      { settings: { ...settings, tsig: { name: 'a..b' } } },
      'connection.settings.tsig.name',
      'key-name',
      expect.stringContaining('hostmaster-key'),
    ],
    ['no secret', { secret: undefined }, 'connection.secret', 'missing-field', 'Give a text.'],
    ['a secret that is not base64', { secret: 'not a secret' }, 'connection.secret', 'wrong-format', expect.any(String)],
  ])('%s, at its field', (_, part, path, rule, remedy) => {
    expect(wrong(part)).toEqual([{ path, rule, reason: expect.any(String), remedy }]);
  });
});

describe('what is said of the servers and ranges of a zone', () => {
  const schema = zoneInputOf([...dnsProviderKinds.values()]);
  const zone = {
    apex: 'a.test',
    ownerTeam: 'edge',
    connection: {
      kind: 'rfc2136',
      settings: { primary: { address: '192.0.2.53' }, tsig: { name: 'key' } },
      secret: 'c2VjcmV0IQ==',
    },
  };
  const server = (name: string, more: object = {}) => ({ ...zone, servers: [{ name, address: '192.0.2.1', ...more }] });
  const ranges = (...allowedRanges: string[]) => ({ ...zone, allowedRanges });

  it.each([
    ['NS1.Example.TEST.', 'ns1.example.test'],
    ['bücher.test', 'xn--bcher-kva.test'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:53', '192.0.2.1:53'],
  ])('the server %j is kept as %s', (name, kept) => {
    expect(schema.parse(server(name)).servers).toEqual([{ name: kept, address: '192.0.2.1', port: 53 }]);
  });

  it.each([
    'a b',
    ' ',
    '.',
    'a\nb',
    'a\u202eb.test',
    '<script>',
    `${'a'.repeat(64)}.test`,
    '*.x',
    'a..b',
    '192.0.2.2',
    '2001:db8::1',
    '192.0.2.1:54',
    'ns1.test:53',
    'https://ns1.test/',
    `${'a.'.repeat(200)}test`,
  ])('the server %j is refused at its name, by a rule on hostnames, with what to give', (name) => {
    const violations = violationsOf(schema, server(name));
    expect(violations).not.toEqual([]);
    for (const { path, rule, remedy } of violations) {
      expect([path, rule]).toEqual(['servers.0.name', expect.stringMatching(/^hostname-/)]);
      expect(remedy).not.toMatch(/documentation|target|routing/);
    }
  });

  it('a server at an address to which no connection goes is refused with what to give', () => {
    expect(violationsOf(schema, server('ns1.test', { address: '169.254.169.254' }))).toEqual([
      expect.objectContaining({ path: 'servers.0.address', rule: 'server-address', remedy: expect.stringContaining('192.0.2.53') }),
    ]);
  });

  it('ranges are kept in one spelling, each once', () => {
    const kept = schema.parse(ranges('10.0.0.0/8', 'FD00:0:0::/8', '10.0.0.0/8', 'fd00::/8', '::1/128', '2001:0db8::/32')).allowedRanges;
    expect(kept).toEqual(['10.0.0.0/8', 'fd00::/8', '::1/128', '2001:db8::/32']);
  });

  it.each([
    [['0.0.0.0/0'], 'allowedRanges.0', /every address/, /10\.20\.30\.0\/24/],
    [
      ['10.0.0.1/8', '0.0.0.0/1', '128.0.0.0/2'],
      'allowedRanges.0',
      /first address/,
      /Give 10\.0\.0\.0\/8, or 10\.0\.0\.1\/32 for the one address/,
    ],
    [['fd00::1/64'], 'allowedRanges.0', /first address/, /Give fd00::\/64, or fd00::1\/128/],
    [['169.254.0.0/16'], 'allowedRanges.0', /link-local/, /Leave it out/],
    [['::ffff:0:0/96'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['::ffff:a00:0/104'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['64:ff9b::/96'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['2002::/16'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['2002:a00::/24'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['::/96'], 'allowedRanges.0', /in the form of IPv6/, /IPv4 addresses themselves/],
    [['0.0.0.0/1', '128.0.0.0/1'], 'allowedRanges', /Together/, /really used/],
    [['::/1', '8000::/1'], 'allowedRanges', /Together/, /really used/],
    [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3', '240.0.0.0/4'], 'allowedRanges', /Together/, /really used/],
  ])('the ranges %j are refused with what to give', (texts, path, reason, remedy) => {
    expect(violationsOf(schema, ranges(...texts))).toEqual([
      { path, rule: 'allowed-range', reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) },
    ]);
  });

  const ports = (...allowedPorts: string[]) => ({ ...zone, allowedPorts });
  it('ports are kept in one spelling, each once; where nothing is said they are the usual ones', () => {
    expect(schema.parse(ports('443', '8000-8000', '8000', '9000-9099')).allowedPorts).toEqual(['443', '8000', '9000-9099']);
    expect(schema.parse(zone).allowedPorts).toEqual(['80', '443', '8080', '8443']);
  });

  it.each(['0', '65536', '90-80', 'https', '443/tcp', '1-', ' 443'])('the ports %j are refused with what to give', (text) => {
    expect(violationsOf(schema, ports(text))).toEqual([
      expect.objectContaining({ path: 'allowedPorts.0', rule: 'allowed-ports', remedy: expect.stringContaining('8000-8999') }),
    ]);
  });

  it('a range that is none is refused with what one looks like', () => {
    expect(violationsOf(schema, ranges('10.0.0.0'))).toEqual([
      {
        path: 'allowedRanges.0',
        rule: 'no-such-form',
        reason: 'This is no range of addresses: "10.0.0.0".',
        remedy: 'Give a list of ranges, such as 10.0.0.0/8 and fd00::/8.',
      },
    ]);
  });

  it.each([[['0.0.0.0/1']], [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8', 'fc00::/7', '::1/128']]])(
    'the ranges %j can be allowed',
    (texts) => {
      expect(violationsOf(schema, ranges(...texts))).toEqual([]);
    },
  );
});

it('a field of which several things are wrong is named once', () => {
  const wrong = (path: string) => ({ rule: 'x', path, reason: 'It is wrong.', remedy: 'Mend it.' });
  expect(inputRefused([wrong('limit'), wrong('limit'), wrong('cursor')]).message).toBe('3 things are not valid: limit, cursor.');
});
