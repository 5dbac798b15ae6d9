import type { FormatError } from "@tenon/numerics";

export type Fail = (rule: string, at: number) => FormatError;

export interface Component {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  readonly table: number;
  /** Blocks of 8x8 that hold pixels, as scans of this component alone have them. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** Blocks of a stored row: a multiple of h. */
  readonly stride: number;
  /** Samples. */
  readonly width: number;
  readonly height: number;
  /** Coefficients in natural order, 64 a block. */
  readonly coefficients: Int16Array;
  quantization: Uint16Array | undefined;
  seen: boolean;
}

export interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  readonly maxH: number;
  readonly maxV: number;
  readonly mcusWide: number;
  readonly mcusHigh: number;
}

/** A Huffman code: lookup by the next 9 bits, and by length for longer codes. */
export interface Huffman {
  /** `length << 8 | symbol`, 0 where the code is longer than 9 bits. */
  readonly fast: Uint16Array;
  /** Greatest code of each length, -1 if none; index 17 ends every search. */
  readonly maxCode: Int32Array;
  /** Symbol index minus first code of each length. */
  readonly delta: Int32Array;
  readonly symbols: Uint8Array;
}

export interface Tables {
  readonly quantization: (Uint16Array | undefined)[];
  readonly dc: (Huffman | undefined)[];
  readonly ac: (Huffman | undefined)[];
  restartInterval: number;
  adobeTransform: number | undefined;
  jfif: boolean;
}

export interface Scan {
  readonly parts: readonly {
    readonly component: Component;
    readonly dc: Huffman | undefined;
    readonly ac: Huffman | undefined;
  }[];
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

/** Position in zigzag order to position in the block (T.81, figure A.6). */
export const ZIGZAG = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

/** Walks the markers and segments of a file that begins with SOI. */
export class Reader {
  at = 2;
  readonly #bytes: Uint8Array;
  readonly #fail: Fail;

  constructor(bytes: Uint8Array, fail: Fail) {
    this.#bytes = bytes;
    this.#fail = fail;
  }

  /** The next marker. Stray bytes before it are passed over, as all decoders do; some writers' lengths are wrong. */
  nextMarker(): { marker: number; at: number } {
    const bytes = this.#bytes;
    let marker: number | undefined = 0;
    while (marker === 0) {
      const at = bytes.indexOf(0xff, this.at);
      if (at < 0) break;
      this.at = at;
      while (bytes[this.at] === 0xff) this.at++;
      marker = bytes[this.at++];
    }
    if (!marker) throw this.#fail("cut off: no end of image", bytes.length);
    const at = this.at - 2;
    if ((marker >= 0xd0 && marker <= 0xd8) || marker === 1) {
      throw this.#fail(`marker ${marker.toString(16)} outside a scan`, at);
    }
    return { marker, at };
  }

  /** The content of the segment whose marker was just read. */
  segment(): Uint8Array {
    const { at } = this;
    const length = at + 2 <= this.#bytes.length ? (this.#bytes[at]! << 8) | this.#bytes[at + 1]! : 0;
    if (length < 2) throw this.#fail(`a segment of length ${length}`, at);
    if (at + length > this.#bytes.length) throw this.#fail(`a segment of ${length} bytes reaches past the end`, at);
    this.at = at + length;
    return this.#bytes.subarray(at + 2, at + length);
  }
}

export function parseQuantization(segment: Uint8Array, at: number, tables: Tables, fail: Fail): void {
  if (segment.length === 0) throw fail("an empty quantisation table", at);
  for (let i = 0; i < segment.length; ) {
    const wide = segment[i]! >> 4;
    const id = segment[i]! & 15;
    const end = i + 1 + 64 * (wide + 1);
    if (wide > 1 || id > 3 || end > segment.length) throw fail("a malformed quantisation table", at);
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) {
      table[ZIGZAG[k]!] = wide ? (segment[i + 1 + 2 * k]! << 8) | segment[i + 2 + 2 * k]! : segment[i + 1 + k]!;
    }
    tables.quantization[id] = table;
    i = end;
  }
}

export function parseHuffman(segment: Uint8Array, at: number, tables: Tables, fail: Fail): void {
  if (segment.length === 0) throw fail("an empty Huffman table", at);
  for (let i = 0; i < segment.length; ) {
    const kind = segment[i]! >> 4;
    const id = segment[i]! & 15;
    if (kind > 1 || id > 3) throw fail(`a Huffman table of class ${kind}, number ${id}`, at);
    if (i + 17 > segment.length) throw fail("a Huffman table is cut off", at);
    const counts = segment.subarray(i + 1, i + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const end = i + 17 + total;
    if (total > 256 || end > segment.length) throw fail(`a Huffman table of ${total} codes`, at);
    const symbols = segment.slice(i + 17, end);
    if (kind === 0 && symbols.some((symbol) => symbol > 15)) throw fail("a DC code of more than 15 bits", at);
    tables[kind === 0 ? "dc" : "ac"][id] = buildHuffman(counts, symbols, at, fail);
    i = end;
  }
}

function buildHuffman(counts: Uint8Array, symbols: Uint8Array, at: number, fail: Fail): Huffman {
  const fast = new Uint16Array(512);
  const maxCode = new Int32Array(18).fill(-1);
  const delta = new Int32Array(18);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) throw fail(`Huffman table: too many codes of ${length} bits`, at);
    delta[length] = index - code;
    for (let k = 0; k < count && length <= 9; k++) {
      const from = (code + k) << (9 - length);
      fast.fill((length << 8) | symbols[index + k]!, from, from + (1 << (9 - length)));
    }
    code += count;
    index += count;
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  maxCode[17] = 0x7fffffff;
  return { fast, maxCode, delta, symbols };
}

export function parseFrame(
  marker: number,
  segment: Uint8Array,
  at: number,
  maxBytes: number,
  fileLength: number,
  fail: Fail,
): Frame {
  if (marker > 0xc2) throw fail("lossless, hierarchical or arithmetic coding, which is not supported", at);
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = segment;
  const height = (h1 << 8) | h0;
  const width = (w1 << 8) | w0;
  if (precision !== 8) throw fail(`${precision} bits a sample, only 8 are supported`, at);
  if (width === 0 || height === 0) throw fail(`an image of ${width}x${height}`, at);
  if (count !== 1 && count !== 3) throw fail(`${count} components, only 1 and 3 are supported`, at);
  if (segment.length !== 6 + 3 * count) throw fail("a frame header of the wrong length", at);
  if (width * height * count > maxBytes) {
    throw fail(`an image of ${width}x${height} has more bytes than maxBytes (${maxBytes}) allows`, at);
  }
  const raw = Array.from({ length: count }, (_, i) => {
    const [id = 0, sampling = 0, table = 0] = segment.subarray(6 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  const valid = raw.every(({ h, v, table }) => h >= 1 && h <= 4 && v >= 1 && v <= 4 && table <= 3);
  if (!valid || new Set(raw.map(({ id }) => id)).size !== count) {
    throw fail("components with wrong sampling, wrong tables or the same id", at);
  }
  const maxH = Math.max(...raw.map(({ h }) => h));
  const maxV = Math.max(...raw.map(({ v }) => v));
  const mcusWide = Math.ceil(width / (8 * maxH));
  const mcusHigh = Math.ceil(height / (8 * maxV));
  const blocks = raw.reduce((sum, { h, v }) => sum + mcusWide * h * mcusHigh * v, 0);
  // Every block takes at least one bit, so that a short file cannot claim memory.
  if (blocks > 8 * fileLength) throw fail(`${fileLength} bytes cannot hold an image of ${width}x${height}`, at);
  const components = raw.map(({ id, h, v, table }): Component => {
    const [w, t] = [Math.ceil((width * h) / maxH), Math.ceil((height * v) / maxV)];
    return {
      id,
      h,
      v,
      table,
      blocksWide: Math.ceil(w / 8),
      blocksHigh: Math.ceil(t / 8),
      stride: mcusWide * h,
      width: w,
      height: t,
      coefficients: new Int16Array(mcusWide * h * mcusHigh * v * 64),
      quantization: undefined,
      seen: false,
    };
  });
  return { progressive: marker === 0xc2, width, height, components, maxH, maxV, mcusWide, mcusHigh };
}

export function parseScan(segment: Uint8Array, at: number, frame: Frame, tables: Tables, fail: Fail): Scan {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length !== 4 + 2 * count) {
    throw fail(`a scan of ${count} components in a frame of ${frame.components.length}`, at);
  }
  const [first, last, bits] = segment.subarray(1 + 2 * count) as unknown as [number, number, number];
  const [high, low] = [bits >> 4, bits & 15];
  const scan = { first, last, high, low };
  const ok = frame.progressive
    ? first <= last &&
      last < 64 &&
      (first === 0 ? last === 0 : count === 1) &&
      low <= 13 &&
      (high === 0 || high === low + 1)
    : first === 0 && last === 63 && bits === 0;
  if (!ok) throw fail(`a scan of coefficients ${first} to ${last}, bits ${high} to ${low}`, at);
  const parts = Array.from({ length: count }, (_, i) => {
    const [id = 0, numbers = 0] = segment.subarray(1 + 2 * i);
    const component = frame.components.find((candidate) => candidate.id === id);
    if (component === undefined) throw fail(`a scan of component ${id}, which the frame does not have`, at);
    if (first > 0 && !component.seen) throw fail("details of a component before its means", at);
    component.quantization ??= tables.quantization[component.table];
    if (component.quantization === undefined) throw fail(`no quantisation table ${component.table}`, at);
    const [dc, ac] = [tables.dc[numbers >> 4], tables.ac[numbers & 15]];
    const needsDc = first === 0 && high === 0;
    if ((needsDc && dc === undefined) || (last > 0 && ac === undefined)) {
      throw fail(`no Huffman table ${needsDc && dc === undefined ? numbers >> 4 : numbers & 15}`, at);
    }
    return { component, dc, ac };
  });
  if (new Set(parts.map(({ component }) => component)).size !== count) throw fail("a component twice in a scan", at);
  const units = parts.reduce((sum, { component: { h, v } }) => sum + h * v, 0);
  if (count > 1 && units > 10) throw fail(`${units} blocks in one unit, at most 10 are allowed`, at);
  return { parts, ...scan };
}
