// The one door through which text becomes a Hostname. Every broken rule is reported at once, each under a stable code.
// Plain ASCII names take a short path without tables; everything else goes through UTS 46 (idna.ts) and the checks of
// UTS 39 (script.ts, confusable.ts). Limits: RFC 1035 §2.3.4, RFC 1123 §2.1. Node's URL parser is never involved.
import type { Violation } from '../errors.ts';
import { codePoint, shownText } from '../shown-text.ts';
import { readsAsLatin, skeleton } from './confusable.ts';
import { type Hostname, maxHostnameLength } from './hostname.ts';
import { firstDisallowed, mapped, toAscii, toUnicodeName } from './idna.ts';
import { firstUncommonScript, mixesDigits, scriptsIn, writingSystemOf } from './script.ts';

export const hostnameRules = {
  'hostname-syntax': 'A hostname is made of letters, digits and hyphens, in labels joined by dots, and of nothing else.',
  'hostname-empty-label': 'No label is empty: no two dots together, none in front.',
  'hostname-underscore': 'Underscores stand in records, never in hostnames.',
  'hostname-hyphen': 'No label begins or ends with a hyphen, or has two in its third and fourth place unless it is an A-label.',
  'hostname-wildcard': 'A wildcard is the whole leftmost label, once.',
  'hostname-length': 'A label has at most 63 characters, a name at most 253, as A-labels.',
  'hostname-address': 'A hostname is no IP address and nothing that a client may read as one.',
  'hostname-idna': 'An internationalised label is valid by IDNA 2008 and UTS 46.',
  'hostname-script': 'A label uses scripts in everyday use only.',
  'hostname-mixed-script': 'A label keeps to one writing system.',
  'hostname-confusable': 'A label is not made to read like another in Latin letters.',
} as const;
export type HostnameRule = keyof typeof hostnameRules;

export type HostnameResult =
  | {
      readonly ok: true;
      readonly hostname: Hostname;
      /** U-label form, for people. */
      readonly unicode: string;
    }
  | {
      readonly ok: false;
      /** At least one. */
      readonly violations: readonly Violation[];
    };

const maxLabel = 63;
/** Longer text cannot be a name: 253 octets of A-labels never take more UTF-16 units, ignorable characters aside. */
const maxInput = 1024;
const maxLabels = 127;
const maxViolations = 20;

/** Canonical already, and without anything that needs a table: the common case, answered by one expression. */
const plain = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const hyphens34 = /(?:^|\.)..--/;

/**
 * Parses what a person, a file or a client gave as a hostname: any case, with or without the trailing dot, U- or A-labels,
 * the dots of UTS 46. Never throws; long input is refused before it is looked at.
 * @param path field that the violations name
 */
export function parseHostname(input: unknown, path = 'hostname'): HostnameResult {
  if (typeof input !== 'string') return refuse(path, 'hostname-syntax', 'This is not text.', 'Give the hostname as a string.');
  if (input.length <= maxHostnameLength && plain.test(input) && !hyphens34.test(input))
    return { ok: true, hostname: input as Hostname, unicode: input };
  if (input.length > maxInput)
    return refuse(
      path,
      'hostname-length',
      `This has ${input.length} characters; a name has at most ${maxHostnameLength}.`,
      'Choose a shorter name.',
    );
  const violations: Violation[] = [];
  const add = (rule: HostnameRule, reason: string, remedy: string) => {
    const there = violations.some((violation) => violation.rule === rule && violation.reason === reason);
    if (!there && violations.length < maxViolations) violations.push({ rule, path, reason, remedy });
  };
  const hostname = examine(input, add);
  if (hostname === null || violations.length > 0) return { ok: false, violations };
  return { ok: true, hostname: hostname as Hostname, unicode: toUnicodeName(hostname) };
}

/** The hostname, for text that our own code or a test knows to be one; throws a TypeError that names the first violation. */
export function hostnameOf(text: string): Hostname {
  const result = parseHostname(text);
  if (result.ok) return result.hostname;
  throw new TypeError(`${shownText(text)}: ${result.violations[0]?.reason ?? 'not a hostname'}`);
}

/** The form that every Hostname has, whatever was asked of it when it was admitted. */
const canonical = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a stored text is a Hostname. Rules on what a new name may be can grow stricter; a name that was admitted stays one. */
export const isStoredHostname = (text: string): text is Hostname => text.length <= maxHostnameLength && canonical.test(text);

/** The hostname of a column; throws a TypeError for what is not in canonical form. */
export function storedHostname(text: string): Hostname {
  if (isStoredHostname(text)) return text;
  throw new TypeError(`${shownText(text)} is stored where a hostname belongs`);
}

/** U-label form of a hostname, for people. */
export const toUnicode = (hostname: Hostname): string => toUnicodeName(hostname);

/** The form under which hostnames that read alike are equal; stored beside a name to find its look-alikes. */
export const skeletonOf = (hostname: Hostname): string => skeleton(toUnicodeName(hostname));

type Add = (rule: HostnameRule, reason: string, remedy: string) => void;

const refuse = (path: string, rule: HostnameRule, reason: string, remedy: string): HostnameResult => ({
  ok: false,
  violations: [{ rule, path, reason, remedy }],
});

/** The canonical name, or null after at least one call of `add`. */
function examine(input: string, add: Add): string | null {
  if (!readsLikeName(input, add)) return null;
  // UTS 46 maps U+3002, U+FF0E and U+FF61 to the full stop.
  const dotted = input.replace(/[\u3002\uff0e\uff61]/g, '.');
  const rooted = dotted.endsWith('.') ? dotted.slice(0, -1) : dotted;
  const wildcard = rooted.startsWith('*.');
  const bare = wildcard ? rooted.slice(2) : rooted;
  if (bare === '') {
    add('hostname-empty-label', 'There is no label in it.', 'Give a name such as orders.dev.example.com.');
    return null;
  }
  const labels = bare.split('.');
  if (labels.length > maxLabels) {
    add('hostname-length', `This has ${labels.length} labels; a name has at most ${maxLabels}.`, 'Choose a shorter name.');
    return null;
  }
  const least = leastOctets(labels);
  if (least > maxHostnameLength) {
    add(
      'hostname-length',
      `The name has ${least} characters as A-labels, or more; at most ${maxHostnameLength} are possible.`,
      'Choose a shorter name.',
    );
    return null;
  }
  const examined = new Map<string, string | null>();
  for (const label of labels) if (!examined.has(label)) examined.set(label, examineLabel(label, add));
  const ascii = labels.map((label) => examined.get(label) ?? null);
  const name = ascii.every((label) => label !== null) ? ascii.join('.') : null;
  examineLast(ascii.at(-1) ?? labels.at(-1) ?? '', add);
  if (name === null) return null;
  const full = wildcard ? `*.${name}` : name;
  if (full.length > maxHostnameLength)
    add(
      'hostname-length',
      `The name has ${full.length} characters as A-labels; at most ${maxHostnameLength} are possible.`,
      'Choose a shorter name.',
    );
  // Bidi rules (RFC 5893) concern the whole name: a label can be well-formed by itself and not beside its neighbours.
  if (/[^a-z0-9.-]|xn--/.test(name) && toAscii(name) !== name)
    add(
      'hostname-idna',
      `${shownText(name)} does not read in one direction.`,
      'Keep labels of right-to-left and left-to-right scripts apart.',
    );
  return full;
}

/** Things that people paste in place of a hostname, told apart so that each gets its own answer. */
function readsLikeName(input: string, add: Add): boolean {
  const trimmed = input.trim();
  if (trimmed === '') {
    add('hostname-syntax', 'There is nothing in it.', 'Give a name such as orders.dev.example.com.');
    return false;
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed);
  if (scheme) {
    add('hostname-syntax', `${shownText(trimmed)} is a URL.`, 'Give the hostname alone, without scheme, port and path.');
    return false;
  }
  if (readsLikeIpv6(trimmed)) {
    add('hostname-address', `${shownText(trimmed)} is an IPv6 address.`, 'Give a name; an address goes where addresses are asked for.');
    return false;
  }
  const port = /^[^:/]*:([0-9]+)$/.exec(trimmed);
  if (port) {
    add('hostname-syntax', `${shownText(trimmed)} carries a port.`, 'Give the hostname alone; a port goes where ports are asked for.');
    return false;
  }
  return true;
}

/** Longer than any address with its zone (RFC 4007 §11.2): whatever it is, it is none. */
const maxAddress = 100;

/** Hexadecimal digits, dots and two colons or more, perhaps in brackets, perhaps with a zone. */
function readsLikeIpv6(text: string): boolean {
  if (text.length > maxAddress) return false;
  const [address = ''] = text.replace(/^\[/, '').replace(/\]$/, '').split('%');
  return /^[0-9a-f:.]+$/i.test(address) && address.split(':').length > 2;
}

/** "xn--" and what stands for one letter takes no fewer octets (RFC 3492). */
const leastInternational = 6;

/**
 * The fewest octets that a label can take as an A-label, told without a table. What mapping makes ASCII, shorter or nothing
 * counts for as little as that.
 */
function leastOctetsOf(label: string): number {
  const visible = label.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const folded = visible.toUpperCase().toLowerCase().normalize('NFC');
  const least = Math.min([...visible].length, [...folded].length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII.
  return /[^\x00-\x7f]/.test(folded) ? Math.max(leastInternational, least) : least;
}

/** Of a name: what is too long however it is mapped is refused before it is, because each label that is mapped costs as much as a plain name. */
const leastOctets = (labels: readonly string[]): number => labels.reduce((sum, label) => sum + leastOctetsOf(label) + 1, -1);

/** One label as an A-label, or null after at least one call of `add`. */
function examineLabel(label: string, add: Add): string | null {
  if (label === '') {
    add('hostname-empty-label', 'A label is empty.', 'Remove the dot too many.');
    return null;
  }
  // Fullwidth forms become ASCII here, so that a fullwidth underscore or asterisk gets the same answer as the plain one.
  const folded = mapped(label);
  const characters = asciiAllowed(folded, label, add);
  if (!hyphensAllowed(folded, label, add) || !characters) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII.
  const international = /[^\x00-\x7f]/.test(label) || folded !== label.toLowerCase() || label.toLowerCase().startsWith('xn--');
  const ascii = toAscii(label);
  const unicode = ascii === null ? null : toUnicodeName(ascii);
  if (international && !idnaAllows(label, ascii, unicode, add)) return null;
  if (ascii === null || unicode === null || ascii === '') {
    add('hostname-syntax', `${shownText(label)} is no label.`, 'Use letters, digits and hyphens.');
    return null;
  }
  if (ascii.length > maxLabel) {
    const form = ascii === label.toLowerCase() ? '' : ' as A-label';
    add(
      'hostname-length',
      `The label ${shownText(label)} has ${ascii.length} characters${form}; at most ${maxLabel} are possible.`,
      'Choose a shorter label.',
    );
    return null;
  }
  return readsHonestly(unicode, add) ? ascii : null;
}

function asciiAllowed(folded: string, label: string, add: Add): boolean {
  if (folded.includes('_'))
    add(
      'hostname-underscore',
      `${shownText(label)} holds an underscore.`,
      'Use a hyphen; underscores are for record names such as _acme-challenge.',
    );
  if (folded.includes('*'))
    add('hostname-wildcard', `${shownText(label)} holds an asterisk.`, 'A wildcard is written *. in front of the name, once.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII.
  const foreign = [...folded].find((character) => /[\x00-\x7f]/.test(character) && !/[A-Za-z0-9_*-]/.test(character));
  if (foreign !== undefined) {
    const named =
      foreign === ' '
        ? 'a space'
        : /[\x21-\x7e]/.test(foreign)
          ? `the character ${foreign}`
          : `the control character ${codePoint(foreign)}`;
    add('hostname-syntax', `${shownText(label)} holds ${named}.`, 'Use letters, digits and hyphens.');
  }
  return !/[_*]/.test(folded) && foreign === undefined;
}

function hyphensAllowed(folded: string, label: string, add: Add): boolean {
  const around = folded.startsWith('-') || folded.endsWith('-');
  const reserved = /^..--/u.test(folded) && !/^xn--/i.test(label);
  if (around) add('hostname-hyphen', `${shownText(label)} begins or ends with a hyphen.`, 'Remove the hyphen.');
  if (reserved)
    add(
      'hostname-hyphen',
      `${shownText(label)} has hyphens in its third and fourth place, which are reserved (RFC 5890 §2.3.1).`,
      'Use a single hyphen.',
    );
  return !around && !reserved;
}

function idnaAllows(label: string, ascii: string | null, unicode: string | null, add: Add): boolean {
  const remedy = 'Use letters of one script as they are written in words; symbols, emoji and invisible characters are not possible.';
  if (ascii === null || unicode === null) {
    add('hostname-idna', `${shownText(label)} is no valid internationalised label.`, remedy);
    return false;
  }
  const character = firstDisallowed(unicode);
  if (character !== null) {
    add('hostname-idna', `${shownText(label)} holds ${codePoint(character)}, which hostnames cannot hold there.`, remedy);
    return false;
  }
  return true;
}

function readsHonestly(unicode: string, add: Add): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII.
  if (/^[\x00-\x7f]*$/.test(unicode)) return true;
  const uncommon = firstUncommonScript(unicode);
  if (uncommon !== null) {
    add(
      'hostname-script',
      `${shownText(unicode)} holds ${codePoint(uncommon)}, of a script that is not in everyday use.`,
      'Use a script in everyday use.',
    );
    return false;
  }
  if (mixesDigits(unicode)) {
    add('hostname-mixed-script', `${shownText(unicode)} mixes digits of different scripts.`, 'Use digits of one script.');
    return false;
  }
  if (writingSystemOf(unicode) === null) {
    add('hostname-mixed-script', `${shownText(unicode)} mixes ${scriptsIn(unicode).join(', ')}.`, 'Write the label in one script.');
    return false;
  }
  const latin = readsAsLatin(unicode);
  if (latin !== null) {
    add(
      'hostname-confusable',
      `${shownText(unicode)} reads like ${shownText(latin)} and is not.`,
      `Use ${shownText(latin)} in Latin letters, or another word.`,
    );
    return false;
  }
  return true;
}

/** A name whose last label is a number is an IPv4 address to many clients (WHATWG URL "ends in a number"; inet_aton). */
function examineLast(label: string, add: Add): void {
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/i.test(label))
    add(
      'hostname-address',
      `It ends in the number ${shownText(label)}, so clients may read it as an IP address.`,
      'Give a name; an address goes where addresses are asked for.',
    );
}
