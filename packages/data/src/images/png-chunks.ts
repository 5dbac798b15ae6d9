import type { FormatError } from "@tenon/numerics";
import { zlib } from "../files/node.ts";

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number;
  /** Samples of a pixel in the file. */
  readonly samples: number;
  readonly interlaced: boolean;
}

export interface PngParts {
  readonly header: PngHeader;
  /** Pieces of the zlib stream. */
  readonly data: readonly Uint8Array[];
  readonly dataAt: number;
  readonly palette: Uint8Array | undefined;
  readonly alpha: Uint8Array | undefined;
}

type Fail = (rule: string, at: number) => FormatError;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

interface Chunk {
  readonly type: string;
  readonly at: number;
  readonly data: Uint8Array;
}

/** The chunks of a PNG file up to IEND, each with its CRC verified. */
function* chunksOf(bytes: Uint8Array, fail: Fail): Generator<Chunk> {
  const { crc32 } = zlib("decodeImage");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw fail(at === bytes.length ? "no IEND: cut off" : "cut off inside a chunk", at);
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw fail("a chunk's type is not four letters", at + 4);
    const end = at + 12 + length;
    if (end > bytes.length) throw fail(`chunk ${type} of ${length} bytes reaches past the end`, at);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) throw fail(`chunk ${type}: wrong CRC`, at);
    yield { type, at, data: bytes.subarray(at + 8, end - 4) };
    if (type === "IEND") return;
    at = end;
  }
}

/** Checks the order of the chunks and gathers what decoding needs; other ancillary chunks are passed over unread. */
export function parsePng(bytes: Uint8Array, maxBytes: number, fail: Fail): PngParts {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) throw fail("wrong signature", 0);
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let alpha: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  let dataAt = 0;
  let before = "";
  for (const { type, at, data: content } of chunksOf(bytes, fail)) {
    if (header === undefined) {
      if (type !== "IHDR") throw fail(`the first chunk is ${type}, not IHDR`, at);
      header = parseHeader(content, at, maxBytes, fail);
    } else if (type === "IHDR") throw fail("a second IHDR", at);
    else if (type === "PLTE") {
      if (palette !== undefined || data.length > 0) throw fail("PLTE twice or after the pixels", at);
      if (content.length === 0 || content.length % 3 !== 0 || content.length > 3 * 256) {
        throw fail(`a palette of ${content.length} bytes`, at);
      }
      if (header.colourType === 3) palette = content;
    } else if (type === "tRNS" && header.colourType === 3) {
      if (palette === undefined || data.length > 0) throw fail("tRNS before PLTE or after the pixels", at);
      if (content.length > palette.length / 3) throw fail("tRNS is longer than the palette", at);
      alpha = content;
    } else if (type === "IDAT") {
      if (data.length > 0 && before !== "IDAT") throw fail("the IDAT chunks are not consecutive", at);
      if (data.length === 0) dataAt = at;
      data.push(content);
    } else if (type !== "IEND" && type[0]! < "a") throw fail(`unknown critical chunk ${type}`, at);
    before = type;
  }
  if (header === undefined || data.length === 0) throw fail("no IDAT: no pixels", bytes.length);
  if (header.colourType === 3 && palette === undefined) throw fail("a palette image without PLTE", dataAt);
  return { header, data, dataAt, palette, alpha };
}

function parseHeader(data: Uint8Array, at: number, maxBytes: number, fail: Fail): PngHeader {
  if (data.length !== 13) throw fail(`IHDR of ${data.length} bytes`, at);
  const view = new DataView(data.buffer, data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, compression, filter, interlace] = data.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff) {
    throw fail(`an image of ${width}x${height}`, at + 8);
  }
  if (!DEPTHS[colourType]?.includes(depth)) throw fail(`colour type ${colourType} with ${depth} bits`, at + 16);
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw fail(`compression ${compression}, filter method ${filter}, interlacing ${interlace}`, at + 18);
  }
  const samples = SAMPLES[colourType]!;
  // Palettes can become four channels.
  const pixels = width * height * (colourType === 3 ? 4 : samples);
  const packed = height * (1 + (width * samples * depth) / 8);
  if (Math.max(pixels, packed) > maxBytes) {
    throw fail(`an image of ${width}x${height} has more bytes than maxBytes (${maxBytes}) allows`, at + 8);
  }
  return { width, height, depth, colourType, samples, interlaced: interlace === 1 };
}

/** Bytes of a row of `width` pixels, without its filter byte. */
export function rowBytes({ depth, samples }: PngHeader, width: number): number {
  return Math.ceil((width * depth * samples) / 8);
}

export interface Pass {
  readonly width: number;
  readonly height: number;
  /** Position of its first pixel, and distances between its pixels. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The partial images in the file's order: seven if interlaced, of which empty ones are absent; else one. */
export function passesOf({ width, height, interlaced }: PngHeader): readonly Pass[] {
  if (!interlaced) return [{ width, height, x: 0, y: 0, dx: 1, dy: 1 }];
  return ADAM7.map(([x, y, dx, dy]) => ({
    width: Math.ceil((width - x) / dx),
    height: Math.ceil((height - y) / dy),
    x,
    y,
    dx,
    dy,
  })).filter((pass) => pass.width > 0 && pass.height > 0);
}
