import type { FormatError } from "@tenon/numerics";

export type Fail = (rule: string, at: number, entry?: string) => FormatError;

export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** "0" file, "5" folder, "x" and "g" pax records, "L" GNU long name, others as in the header. */
  readonly type: string;
}

const decoder = new TextDecoder();

/** Text up to the first zero byte. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A header block of 512 bytes at offset `at`, with its checksum verified. */
export function parseHeader(block: Uint8Array, at: number, fail: Fail): TarHeader {
  let sum = 0;
  for (let i = 0; i < block.length; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  if (octal(block, 148, 8) !== sum) throw fail("not a tar header: wrong checksum", at + 148);
  const prefix = text(block.subarray(257, 262)) === "ustar" && block[262] === 0 ? text(block.subarray(345, 500)) : "";
  const short = text(block.subarray(0, 100));
  const name = prefix === "" ? short : `${prefix}/${short}`;
  const size = number(block, 124, 12);
  if (size === undefined) throw fail("the size is not a number that a file can have", at + 124, name);
  const flag = block[156] === 0 || block[156] === 0x37 ? "0" : String.fromCharCode(block[156]!);
  // The oldest writers mark folders by the name's end only.
  return { name, size, type: flag === "0" && name.endsWith("/") ? "5" : flag };
}

/** Octal digits, blanks before and blanks or zeros behind; undefined for anything else. */
function octal(block: Uint8Array, from: number, length: number): number | undefined {
  const match = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...block.subarray(from, from + length)));
  return match === null ? undefined : Number.parseInt(match[1]!, 8);
}

/** A number in octal or, for what octal cannot hold, in GNU's base 256; negative and huge ones are undefined. */
function number(block: Uint8Array, from: number, length: number): number | undefined {
  if (block[from] !== 0x80) return (block[from]! & 0x80) !== 0 ? undefined : octal(block, from, length);
  let value = 0;
  for (let i = 1; i < length; i++) value = value * 256 + block[from + i]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The records of a pax header that matter to a reader: "LENGTH KEY=VALUE\n", LENGTH counting all of it. */
export function parsePax(bytes: Uint8Array, at: number, fail: Fail): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let i = 0; i < bytes.length; ) {
    const blank = bytes.indexOf(32, i);
    const digits = blank < 0 || blank - i > 8 ? "" : decoder.decode(bytes.subarray(i, blank));
    const end = /^[0-9]+$/.test(digits) ? i + Number(digits) : Number.NaN;
    const record = end > blank + 1 && end <= bytes.length ? decoder.decode(bytes.subarray(blank + 1, end)) : "";
    const match = /^([^=]+)=([\s\S]*)\n$/.exec(record);
    if (match === null) throw fail("a pax record is malformed or longer than its header", at + i);
    const [, key, value] = match as unknown as [string, string, string];
    if (key === "path") found.path = value;
    if (key === "size") {
      if (!/^[0-9]+$/.test(value) || !Number.isSafeInteger(Number(value)))
        throw fail("a pax size is no number", at + i);
      found.size = Number(value);
    }
    i = end;
  }
  return found;
}
