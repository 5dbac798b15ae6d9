import { FormatError } from "@tenon/numerics";
import { zlib } from "../files/node.ts";
import type { Image } from "../value.ts";
import { type PngHeader, parsePng, passesOf, rowBytes } from "./png-chunks.ts";

/**
 * The pixels of a PNG file: every colour type, bit depth and interlacing; 16 bits are cut to 8, colour keys are ignored, palettes become RGB
 * (RGBA with transparency). Written here because files are untrusted: sizes are checked before anything is inflated, and inflating stops at the
 * bytes that the header allows.
 * Source: Portable Network Graphics (PNG) Specification, second edition, W3C 2003.
 */
export function decodePng(bytes: Uint8Array, maxBytes: number, name: string): Image {
  const fail = (rule: string, at: number, cause?: unknown) =>
    new FormatError({ op: "decodeImage", rule: `PNG: ${rule}`, received: `byte ${at} of ${name}`, cause });
  const png = parsePng(bytes, maxBytes, fail);
  const { header, dataAt } = png;
  const passes = passesOf(header);
  const length = passes.reduce((sum, { width, height }) => sum + height * (1 + rowBytes(header, width)), 0);
  const raw = inflate(png.data, length, (rule, cause) => fail(rule, dataAt, cause));
  if (raw.length < length) throw fail(`${raw.length} bytes of pixels, ${length} needed`, dataAt);
  const { width, height } = header;
  const samples = new Uint8Array(width * height * header.samples);
  let at = 0;
  for (const pass of passes) {
    const row = rowBytes(header, pass.width);
    unfilter(raw, at, row, pass.height, Math.max(1, (header.depth * header.samples) >> 3), (rule) =>
      fail(rule, dataAt),
    );
    for (let y = 0; y < pass.height; y++) {
      const to = (pass.y + y * pass.dy) * width + pass.x;
      unpackRow(raw, at + y * (row + 1) + 1, header, samples, to, pass.dx, pass.width);
    }
    at += pass.height * (row + 1);
  }
  if (png.palette === undefined) return { data: samples, width, height, channels: header.samples };
  return applyPalette(samples, png.palette, png.alpha, header, (rule) => fail(rule, dataAt));
}

function inflate(
  data: readonly Uint8Array[],
  length: number,
  fail: (rule: string, cause?: unknown) => FormatError,
): Uint8Array {
  try {
    return zlib("decodeImage").inflateSync(Buffer.concat(data), { maxOutputLength: length });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw fail(`more than the ${length} bytes of pixels that the size needs`, cause);
    throw fail(`the pixel data is damaged or cut off (${(cause as Error).message})`, cause);
  }
}

/** Undoes the row filters of section 9, in place; row y starts with its filter byte at `from + y (row + 1)`. */
function unfilter(
  raw: Uint8Array,
  from: number,
  row: number,
  rows: number,
  step: number,
  fail: (rule: string) => FormatError,
): void {
  for (let y = 0; y < rows; y++) {
    const start = from + y * (row + 1) + 1;
    const type = raw[start - 1]!;
    if (type > 4) throw fail(`unknown filter ${type} in row ${y}`);
    const above = y === 0 ? -1 : start - row - 1;
    for (let i = type === 0 ? row : 0; i < row; i++) {
      const a = i < step ? 0 : raw[start + i - step]!;
      const b = above < 0 ? 0 : raw[above + i]!;
      const c = i < step || above < 0 ? 0 : raw[above + i - step]!;
      const guess = type === 1 ? a : type === 2 ? b : type === 3 ? (a + b) >> 1 : paeth(a, b, c);
      raw[start + i] = raw[start + i]! + guess;
    }
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** One row's samples as bytes, to pixels `to`, `to + dx`, ... */
function unpackRow(
  raw: Uint8Array,
  from: number,
  { depth, samples, colourType }: PngHeader,
  out: Uint8Array,
  to: number,
  dx: number,
  width: number,
): void {
  if (depth >= 8) {
    const bytes = depth >> 3;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < samples; c++) out[(to + x * dx) * samples + c] = raw[from + (x * samples + c) * bytes]!;
    }
    return;
  }
  const most = (1 << depth) - 1;
  // Palette indices stay as they are; grey is stretched to 0..255.
  const scale = colourType === 3 ? 1 : 255 / most;
  for (let x = 0; x < width; x++) {
    const bit = x * depth;
    out[to + x * dx] = ((raw[from + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most) * scale;
  }
}

function applyPalette(
  indices: Uint8Array,
  palette: Uint8Array,
  alpha: Uint8Array | undefined,
  { width, height }: PngHeader,
  fail: (rule: string) => FormatError,
): Image {
  const channels = alpha === undefined ? 3 : 4;
  const data = new Uint8Array(indices.length * channels);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (3 * index >= palette.length) throw fail(`pixel ${i} has colour ${index} of ${palette.length / 3}`);
    for (let c = 0; c < 3; c++) data[i * channels + c] = palette[3 * index + c]!;
    if (alpha !== undefined) data[i * channels + 3] = alpha[index] ?? 255;
  }
  return { data, width, height, channels };
}
