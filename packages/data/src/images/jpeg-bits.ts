import type { FormatError } from "@tenon/numerics";
import type { Fail, Huffman } from "./jpeg-segments.ts";

/** Reads the bits of entropy-coded data: stuffed zero bytes are taken out, markers end it. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #fail: Fail;
  #at: number;
  /** Bits that were read ahead are the lowest `#count` of `#buffer`. */
  #buffer = 0;
  #count = 0;
  /** Of those, how many stand for bits that the data does not have. */
  #missing = 0;

  constructor(bytes: Uint8Array, at: number, fail: Fail) {
    this.#bytes = bytes;
    this.#at = at;
    this.#fail = fail;
  }

  error(rule: string): FormatError {
    return this.#fail(rule, this.#at);
  }

  /** Makes at least 16 bits available; zeros stand in behind the end, and using one of them is an error. */
  #fill(): void {
    while (this.#count <= 16) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.#buffer = (this.#buffer & 0xffff) << 8;
        this.#missing += 8;
      } else {
        this.#buffer = ((this.#buffer & 0xffff) << 8) | byte;
        this.#at += byte === 0xff ? 2 : 1;
      }
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#count -= count;
    if (this.#count < this.#missing) throw this.error("the data of a scan is cut off or damaged");
  }

  /** The next `count` bits, at most 16, as a number. */
  take(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.#fill();
    const value = (this.#buffer >> (this.#count - count)) & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  bit(): number {
    return this.take(1);
  }

  /** A signed number of `size` bits (T.81, F.2.2.1). */
  difference(size: number): number {
    if (size === 0) return 0;
    const value = this.take(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  symbol(code: Huffman): number {
    if (this.#count < 16) this.#fill();
    const known = code.fast[(this.#buffer >> (this.#count - 9)) & 511]!;
    if (known !== 0) {
      this.#drop(known >> 8);
      return known & 255;
    }
    return this.#longSymbol(code);
  }

  #longSymbol({ maxCode, delta, symbols }: Huffman): number {
    for (let length = 10; length <= 16; length++) {
      const bits = (this.#buffer >> (this.#count - length)) & ((1 << length) - 1);
      if (bits <= maxCode[length]!) {
        this.#drop(length);
        return symbols[bits + delta[length]!]!;
      }
    }
    throw this.error("bits that are no Huffman code");
  }

  /** Goes over restart marker number `index`, which must be next. */
  restart(index: number): void {
    const at = this.end();
    if (this.#bytes[at] !== 0xff || this.#bytes[at + 1] !== 0xd0 + (index & 7)) {
      throw this.#fail(`restart marker ${index & 7} is missing`, at);
    }
    this.#at = at + 2;
    this.#buffer = 0;
    this.#count = 0;
    this.#missing = 0;
  }

  /** The position behind the data, where a marker should be. */
  end(): number {
    return this.#at;
  }
}
