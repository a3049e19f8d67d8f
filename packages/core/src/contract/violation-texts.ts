// What is said of an issue that zod found: a rule that clients can match on, the reason, and what to send instead. All of
// it follows from the code of the issue and from what the schema expects, nothing from zod's own words, which belong to a
// locale and a version. Fields that people stumble over have a remedy of their own.
import { z } from 'zod';
import { contractVersion } from './endpoint.ts';

type Issue = z.core.$ZodIssue;
type Texts = { readonly rule: string; readonly reason: string; readonly remedy: string };

/** By the name of the field, wherever it stands. */
const fieldRemedies: Readonly<Record<string, string>> = {
  apiVersion: `Give "${contractVersion}", or leave it out.`,
  hostname: 'Give a name such as "orders.dev.example.com".',
  cname: 'Give the name that it leads to, such as "service.platform.example.com".',
  extraNames: 'Give a list of names, such as www.orders.dev.example.com.',
  team: 'Give the short name of a team, such as "order-platform".',
  environment: 'Give the short name of an environment, such as "dev".',
  cluster: 'Give the short name of a cluster, such as "k8s-1".',
  target: 'Give exactly one of addresses, another name (cname), a cluster, and certificateOnly: true for a certificate alone.',
  addresses: 'Give a list of IPv4 and IPv6 addresses, each written out: four numbers with dots, or groups with colons.',
  ttl: 'Give "cutover", "service" or "stable", or a whole number of seconds from 1 to 604800.',
  port: 'Give a whole number from 1 to 65535.',
  healthPath: 'Give a path such as "/health".',
  sources: 'Give "any" or a list of ranges, such as 10.0.0.0/8 and fd00::/8.',
  allowedRanges: 'Give a list of ranges, such as 10.0.0.0/8 and fd00::/8.',
  allowedPorts: 'Give a list of ports and ranges, such as 443 and 8000-8999.',
  rateLimit: 'Give "default", "none" or a whole number of requests a second from 1 to 1000000.',
  maxBody: 'Give a size such as "512k", "1m" or "2g".',
  csr: 'Give a PKCS#10 request in PEM, at most 16 KB.',
  servers: 'Give each server by its name, its address and its port.',
  serial: 'Give the serial, or the fingerprint, as hexadecimal digits, with or without colons.',
  cursor: 'Give the nextCursor of the page before, unchanged.',
  limit: 'Give a whole number from 1 to 200.',
  planHash: 'Give the plan.hash as it was read, of the request or of the plan of the campaign.',
};

/** A rule of our own brings its texts (core/contract/own-rule.ts). */
const ownRule = z.object({ code: z.literal('custom'), message: z.string(), params: z.object({ rule: z.string(), remedy: z.string() }) });

/** @param path of the issue from the root of the input. */
export function textsOf(issue: Issue, path: readonly PropertyKey[], input: unknown): Texts {
  const own = ownRule.safeParse(issue);
  if (own.success) return { ...own.data.params, reason: own.data.message };
  const texts = isMissing(issue, path, input) ? { ...missing, remedy: remedyOfMissing(issue) } : general(issue);
  const field = path.findLast((part) => typeof part === 'string');
  return { ...texts, remedy: fieldRemedies[field ?? ''] ?? texts.remedy };
}

const missing = { rule: 'missing-field', reason: 'The field is missing.' } as const;
const remedyOfMissing = (issue: Issue): string =>
  issue.code === 'invalid_union' && !('options' in issue) ? 'Give it.' : general(issue).remedy;

/** zod reports a field that is not there as one of the wrong type or value; the input tells the two apart. */
function isMissing({ code }: Issue, path: readonly PropertyKey[], input: unknown): boolean {
  if (code !== 'invalid_type' && code !== 'invalid_value' && code !== 'invalid_union') return false;
  return valueAt(path, input) === undefined;
}

export function valueAt(path: readonly PropertyKey[], input: unknown): unknown {
  let at = input;
  for (const part of path) at = typeof at === 'object' && at !== null && part in at ? Reflect.get(at, part) : undefined;
  return at;
}

function general(issue: Issue): Texts {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'boolean')
        return { rule: 'wrong-type', reason: 'This is neither true nor false.', remedy: 'Give true or false.' };
      return { rule: 'wrong-type', reason: `This is not ${kindOf(issue.expected)}.`, remedy: `Give ${kindOf(issue.expected)}.` };
    case 'too_small':
      return sized(
        issue,
        issue.origin,
        'at least',
        Number(issue.minimum),
        Number(issue.minimum) === 1 ? 'It is empty.' : 'It is too short.',
      );
    case 'too_big':
      return sized(issue, issue.origin, 'at most', Number(issue.maximum), 'It is too long.');
    case 'invalid_format':
      return formatted(issue);
    case 'invalid_value':
      return { rule: 'unknown-value', reason: 'The field does not take this value.', remedy: `Give ${choice(issue.values.map(quoted))}.` };
    case 'invalid_union':
      return united(issue);
    default:
      return {
        rule: issue.code.replaceAll('_', '-'),
        reason: ownWords(issue) ?? 'This is not valid.',
        remedy: 'Compare it with the documentation of the API.',
      };
  }
}

/** The words of our own contract, where it has any for this: they differ from those that zod has for every such issue. */
function ownWords(issue: Issue): string | null {
  const general = z.config().localeError?.({ ...issue, input: undefined }) ?? 'Invalid input';
  return issue.message === (typeof general === 'string' ? general : general.message) ? null : issue.message;
}

function sized(issue: Issue, origin: string, bound: 'at least' | 'at most', count: number, reason: string): Texts {
  const unit = origin === 'string' ? 'character' : origin === 'array' || origin === 'set' ? 'element' : null;
  const amount = `${bound} ${count}${unit === null ? '' : ` ${unit}${count === 1 ? '' : 's'}`}`;
  const size = bound === 'at least' ? 'small' : 'big';
  if (unit === null) return { rule: `too-${size}`, reason: ownWords(issue) ?? `The number is too ${size}.`, remedy: `Give ${amount}.` };
  const many = unit === 'element' && reason !== 'It is empty.' ? `These are too ${bound === 'at least' ? 'few' : 'many'}.` : reason;
  const rule = unit === 'character' ? (bound === 'at least' ? 'too-short' : 'too-long') : bound === 'at least' ? 'too-few' : 'too-many';
  return { rule, reason: ownWords(issue) ?? many, remedy: `Give ${amount}.` };
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'an id as the API answers it, such as "01890a5d-ac96-774b-bcce-b302099a8057"',
  date: 'a date such as "2026-11-20"',
  datetime: 'a time in UTC such as "2026-11-20T14:02:31Z"',
  ipv4: 'an IPv4 address such as "192.0.2.10"',
  ipv6: 'an IPv6 address such as "2001:db8::10"',
  email: 'an e-mail address',
  url: 'an address such as "https://example.com"',
};

function formatted(issue: Extract<Issue, { code: 'invalid_format' }>): Texts {
  const form = formats[issue.format];
  const own = ownWords(issue);
  if (form !== undefined)
    return { rule: 'wrong-format', reason: own ?? `This is not ${form.replace(/,? such as .*/, '')}.`, remedy: `Give ${form}.` };
  return { rule: 'wrong-format', reason: own ?? 'It does not have the form that the field takes.', remedy: 'Correct it to that form.' };
}

/** Of a union whose meant branch nobody can tell. */
function united(issue: Extract<Issue, { code: 'invalid_union' }>): Texts {
  if ('options' in issue && issue.options !== undefined)
    return {
      rule: 'unknown-value',
      reason: 'The field does not take this value.',
      remedy: `Give ${choice(issue.options.map(quoted))}.`,
    };
  const inner = issue.errors.flat();
  if (inner.length > 0 && inner.every((each) => each.code === 'invalid_format' && each.format.startsWith('ipv')))
    return { rule: 'wrong-format', reason: 'This is not an IPv4 or IPv6 address.', remedy: 'Give an IPv4 or IPv6 address.' };
  return {
    rule: 'no-such-form',
    reason: ownWords(issue) ?? 'The field does not take this.',
    remedy: 'Compare it with the documentation of the API.',
  };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const kindOf = (expected: string): string => kinds[expected] ?? expected;

const quoted = (value: unknown): string => JSON.stringify(value) ?? String(value);
const choice = (values: readonly string[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
