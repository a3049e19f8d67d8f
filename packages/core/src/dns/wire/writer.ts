// Writing of one DNS message into a growing buffer; remembers where names were written so that later ones can point there.
import { invalid, isPlainName, nameLabels } from './name.ts';

const maxPointerTarget = 0x3fff;

export class WireWriter {
  #bytes: Uint8Array;
  length = 0;
  readonly #names = new Map<string, number>();

  constructor(capacity = 512) {
    this.#bytes = new Uint8Array(capacity);
  }

  #reserve(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    this.length = needed;
    return at;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    this.putU16(this.#reserve(2), value);
  }

  u32(value: number): void {
    this.u16(Math.floor(value / 0x10000));
    this.u16(value % 0x10000);
  }

  u48(value: number): void {
    this.u16(Math.floor(value / 0x100000000));
    this.u32(value % 0x100000000);
  }

  /** Overwrites two bytes written before: a length or a count that is known only later. */
  putU16(at: number, value: number): void {
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value & 0xff;
  }

  put(bytes: Uint8Array): void {
    // In two steps: growing replaces the buffer.
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Bytes behind a one-byte length (a character-string, RFC 1035 §3.3). */
  shortString(bytes: Uint8Array): void {
    if (bytes.length > 255) throw invalid(`A character string of ${bytes.length} bytes does not fit; 255 is the most.`);
    this.u8(bytes.length);
    this.put(bytes);
  }

  /** A name in full, as RDATA, TSIG and digests need it. */
  name(name: string): void {
    if (isPlainName(name)) {
      this.#plainName(name, false);
      return;
    }
    for (const { label } of nameLabels(name)) this.#label(label);
    this.u8(0);
  }

  /** A name whose longest suffix already written becomes a pointer (RFC 1035 §4.1.4); names compare without case. */
  compressedName(name: string): void {
    if (isPlainName(name)) {
      this.#plainName(name, true);
      return;
    }
    for (const { label, suffix } of nameLabels(name)) {
      const key = (suffix.endsWith('.') && !suffix.endsWith('\\.') ? suffix.slice(0, -1) : suffix).toLowerCase();
      if (this.#pointTo(key)) return;
      this.#label(label);
    }
    this.u8(0);
  }

  /** Writes a pointer to the suffix if it was written before, and otherwise remembers that it is about to be. */
  #pointTo(suffix: string): boolean {
    const written = this.#names.get(suffix);
    if (written === undefined) {
      if (this.length <= maxPointerTarget) this.#names.set(suffix, this.length);
      return false;
    }
    this.u16(0xc000 | written);
    return true;
  }

  /** The same as above for a name that needs no unescaping: an order of magnitude fewer objects. */
  #plainName(name: string, compressed: boolean): void {
    for (let from = 0; from < name.length; ) {
      if (compressed && this.#pointTo(name.slice(from))) return;
      const dot = name.indexOf('.', from);
      const to = dot === -1 ? name.length : dot;
      const at = this.#reserve(to - from + 1);
      this.#bytes[at] = to - from;
      for (let index = from; index < to; index += 1) this.#bytes[at + 1 + index - from] = name.charCodeAt(index);
      from = to + 1;
    }
    this.u8(0);
  }

  #label(label: readonly number[]): void {
    const at = this.#reserve(label.length + 1);
    this.#bytes[at] = label.length;
    for (let index = 0; index < label.length; index += 1) this.#bytes[at + 1 + index] = label[index] ?? 0;
  }

  /** Forgets everything from `length` on. Names written there must not be pointed to again: write only full names afterwards. */
  rollBack(length: number): void {
    this.length = length;
  }

  /** What has been written; a view, valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
