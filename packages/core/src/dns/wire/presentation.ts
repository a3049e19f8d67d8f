// The presentation format's smallest parts (RFC 1035 §5.1): tokens, quoted character strings, text longer than one string.
import { invalid, readEscape } from './name.ts';

/** One word of an RDATA text: `bytes` with escapes resolved, and the `raw` text for fields that are names. */
export type Token = { readonly raw: string; readonly bytes: Uint8Array; readonly quoted: boolean };

/** Splits RDATA text into words and quoted strings. Errors: invalid-input (an open quote, a bad escape, a control character). */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1;
      continue;
    }
    const quoted = text[at] === '"';
    const from = quoted ? at + 1 : at;
    const bytes: number[] = [];
    at = from;
    for (;;) {
      const character = text[at];
      if (character === undefined) {
        if (quoted) throw invalid('A quoted string is not closed.');
        break;
      }
      if (quoted ? character === '"' : character === ' ' || character === '\t') break;
      if (character === '\\') {
        const { byte, next } = readEscape(text, at);
        bytes.push(byte);
        at = next;
        continue;
      }
      if (!quoted && character === '"') throw invalid('A quote stands inside an unquoted word; write \\" for a literal one.');
      const code = text.charCodeAt(at);
      if (code < 0x20 || code > 0x7e) throw invalid('A character is not printable ASCII; write its bytes as \\DDD.');
      bytes.push(code);
      at += 1;
    }
    tokens.push({ raw: text.slice(from, at), bytes: Uint8Array.from(bytes), quoted });
    if (quoted) at += 1;
  }
  return tokens;
}

/** A character string in quotes: quote and backslash escaped, bytes that are not printable as \DDD. */
export function quote(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte > 0x7e) text += `\\${String(byte).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return `${text}"`;
}

/** Any text as a TXT value: UTF-8, split into character strings of at most 255 bytes (RFC 1035 §3.3.14). */
export function textValue(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const strings: string[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += 255) strings.push(quote(bytes.subarray(at, at + 255)));
  return strings.join(' ');
}
