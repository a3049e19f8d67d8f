// Domain names between presentation format (RFC 1035 §5.1, RFC 4343 §2.1) and wire format (RFC 1035 §3.1, §4.1.4).
// In this codec a name is a string: absolute, without the trailing dot, the root written as '.'. A dot inside a label is '\.',
// other special characters are '\c', bytes that are not printable are '\DDD'. Length limits are checked in both directions.
import { HostmasterError } from '../../errors.ts';

export const maxNameLength = 255;
export const maxLabelLength = 63;

/** The error for bytes that are not DNS; every decoder in this folder raises this and nothing else. */
export const malformed = (what: string): HostmasterError => new HostmasterError('dns-malformed', `The DNS message is malformed: ${what}.`);

/** The error for text that cannot be put on the wire. */
export const invalid = (what: string): HostmasterError => new HostmasterError('invalid-input', what);

const dot = 0x2e;
const backslash = 0x5c;

// Those with a meaning in zone files (RFC 1035 §5.1); everything else printable stands for itself.
const special = new Set([...'".();@$\\'].map((character) => character.charCodeAt(0)));

const escapes: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte <= 0x20 || byte >= 0x7f) return `\\${String(byte).padStart(3, '0')}`;
  return special.has(byte) ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
});

/** One label's bytes as text, special characters escaped, case kept. */
export function labelText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += escapes[bytes[at] ?? 0];
  return text;
}

/** Reads the escape that starts at the backslash at `at`: its byte and where the text goes on. */
export function readEscape(text: string, at: number): { byte: number; next: number } {
  const digits = /^[0-9]{3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (digits !== undefined) {
    const byte = Number(digits);
    if (byte > 255) throw invalid(`"\\${digits}" is not a byte: escapes go from \\000 to \\255.`);
    return { byte, next: at + 4 };
  }
  const code = text.charCodeAt(at + 1);
  if (Number.isNaN(code) || code > 0x7e || code < 0x20 || (code >= 0x30 && code <= 0x39)) {
    throw invalid('A backslash must be followed by a character or by three digits.');
  }
  return { byte: code, next: at + 2 };
}

/** One label of a name in presentation format: its bytes, and where the label and its dot end. */
function takeLabel(text: string, from: number): { label: number[]; next: number } {
  const label: number[] = [];
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === dot) break;
    if (code === backslash) {
      const { byte, next } = readEscape(text, at);
      label.push(byte);
      at = next;
      continue;
    }
    if (code <= 0x20 || code >= 0x7f)
      throw invalid(`The name "${text}" has a character that is not printable ASCII (use the A-label form).`);
    label.push(code);
    at += 1;
  }
  return { label, next: at + 1 };
}

/**
 * The labels of a name, each with the suffix of the text that starts at it (the key for compression).
 * Errors: invalid-input for an empty label, a label over 63 bytes, a name over 255 bytes, or characters beyond ASCII.
 */
export function nameLabels(name: string): { label: readonly number[]; suffix: string }[] {
  if (name === '.') return [];
  const labels: { label: readonly number[]; suffix: string }[] = [];
  let length = 1;
  for (let at = 0; at < name.length || at === 0; ) {
    const { label, next } = takeLabel(name, at);
    if (label.length === 0) throw invalid(`The name "${name}" has an empty label.`);
    if (label.length > maxLabelLength) throw invalid(`The name "${name}" has a label of ${label.length} bytes; 63 is the most.`);
    labels.push({ label, suffix: name.slice(at) });
    length += label.length + 1;
    at = next;
  }
  if (length > maxNameLength) throw invalid(`The name "${name.slice(0, 80)}" takes ${length} bytes; 255 is the most.`);
  return labels;
}

const plain = /^[a-z0-9_*-]{1,63}(?:\.[a-z0-9_*-]{1,63})*$/;

/** Whether a name is valid and already canonical by its looks, without escapes: nearly all are, and need no further work. */
export const isPlainName = (name: string): boolean => name.length <= maxNameLength - 2 && plain.test(name);

/** Whether `name` is `zone` or below it, on label boundaries; both lower case (an escaped dot is no boundary). */
export function isNameWithin(name: string, zone: string): boolean {
  if (zone === '.' || name === zone) return true;
  if (!name.endsWith(`.${zone}`)) return false;
  let backslashes = 0;
  for (let at = name.length - zone.length - 2; at >= 0 && name.charCodeAt(at) === backslash; at -= 1) backslashes += 1;
  return backslashes % 2 === 0;
}

/** The name as this codec writes it: lower case, no trailing dot, escapes in their one canonical spelling. Errors: invalid-input. */
export function canonicalName(name: string): string {
  if (isPlainName(name)) return name;
  const labels = nameLabels(name);
  if (labels.length === 0) return '.';
  return labels
    .map(({ label }) => labelText(Uint8Array.from(label), 0, label.length))
    .join('.')
    .toLowerCase();
}
