// Bounded reading of one DNS message: nothing is read past `end`, and names follow compression pointers only backwards
// (RFC 1035 §4.1.4), so that every name ends. Whatever is wrong with the bytes is `dns-malformed`.
import { labelText, malformed, maxLabelLength, maxNameLength } from './name.ts';

// A name has at most 127 labels, and a pointer only saves space after at least one label.
const maxPointers = 127;

type SeenName = { readonly text: string; readonly length: number };

export class WireReader {
  readonly bytes: Uint8Array;
  offset = 0;
  /** Reading stops here; narrowed while inside RDATA. */
  end: number;
  // Zone transfers point to the same few suffixes thousands of times.
  readonly #seen = new Map<number, SeenName>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  #take(count: number): number {
    const at = this.offset;
    if (at + count > this.end) throw malformed('it ends too early');
    this.offset = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.#take(1)] ?? 0;
  }

  u16(): number {
    const at = this.#take(2);
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  u48(): number {
    return this.u16() * 0x100000000 + this.u32();
  }

  /** A view of the next bytes; it shares memory with the message. */
  take(count: number): Uint8Array {
    const at = this.#take(count);
    return this.bytes.subarray(at, at + count);
  }

  /** The bytes up to `end`. */
  rest(): Uint8Array {
    return this.take(this.end - this.offset);
  }

  /** A name, lower case. */
  name(): string {
    return this.spelledName().toLowerCase();
  }

  /** A name with the case it has on the wire; a server echoes the question in it. */
  spelledName(): string {
    const { name, next } = this.#nameAt(this.offset, this.end, 0);
    this.offset = next;
    return name.text;
  }

  #nameAt(start: number, end: number, pointers: number): { name: SeenName; next: number } {
    let text = '';
    let length = 1;
    let at = start;
    for (;;) {
      if (at >= end) throw malformed('a name runs past its end');
      const first = this.bytes[at] ?? 0;
      if (first === 0) {
        at += 1;
        break;
      }
      if (first >= 0xc0) {
        if (at + 2 > end) throw malformed('a compression pointer is cut off');
        const suffix = this.#suffixAt(((first & 0x3f) << 8) | (this.bytes[at + 1] ?? 0), start, pointers);
        length += suffix.length - 1;
        if (suffix.text !== '.') text += text === '' ? suffix.text : `.${suffix.text}`;
        at += 2;
        break;
      }
      if (first > maxLabelLength) throw malformed('a label has a reserved type');
      if (at + 1 + first > end) throw malformed('a label runs past its end');
      if (text !== '') text += '.';
      text += labelText(this.bytes, at + 1, at + 1 + first);
      length += first + 1;
      if (length > maxNameLength) break;
      at += first + 1;
    }
    if (length > maxNameLength) throw malformed('a name is over 255 bytes');
    const name = { text: text === '' ? '.' : text, length };
    this.#seen.set(start, name);
    return { name, next: at };
  }

  // The target must lie before the name that points to it: that alone makes loops impossible.
  #suffixAt(target: number, before: number, pointers: number): SeenName {
    if (target >= before || target < 12) throw malformed('a compression pointer does not point backwards');
    if (pointers >= maxPointers) throw malformed('a name has too many compression pointers');
    return this.#seen.get(target) ?? this.#nameAt(target, this.bytes.length, pointers + 1).name;
  }
}
