/** Filters for resizing. */
export type Interpolation = "bilinear" | "bicubic";

interface Filter {
  readonly support: number;
  weight(x: number): number;
}

const filters: { readonly [name in Interpolation]: Filter } = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

/** Keys' cubic convolution (1981) with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

/** For every output position: the first source position, how many, and their weights, which sum to 1. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Weights of output i start at `i * stride`. */
  readonly weights: Float64Array;
  readonly stride: number;
}

function taps(from: number, to: number, { support, weight }: Filter, antialias: boolean): Taps {
  const scale = from / to;
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const reach = support * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * stride);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - reach + 0.5));
    const high = Math.min(from, Math.trunc(center + reach + 0.5));
    let sum = 0;
    for (let j = low; j < high; j++) {
      const w = weight((j - center + 0.5) / stretch);
      weights[i * stride + j - low] = w;
      sum += w;
    }
    for (let j = 0; j < high - low; j++) weights[i * stride + j]! /= sum;
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, weights, stride };
}

// Pillow's fixed point: 8 bits of value and 2 of headroom leave 22 for the fraction.
const FRACTION = 22;
const HALF = 1 << (FRACTION - 1);

function fixedPoint(weights: Float64Array): Int32Array {
  return Int32Array.from(weights, (w) => Math.trunc(w * 2 ** FRACTION + (w < 0 ? -0.5 : 0.5)));
}

/** Bytes with `channels` values a pixel, in `planes` pictures one after the other. */
export interface ByteSource {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly planes: number;
}

/** Resized bytes, equal to Pillow's. */
export function resampleBytes(
  { data, width, height, channels, planes }: ByteSource,
  newWidth: number,
  newHeight: number,
  interpolation: Interpolation,
  antialias: boolean,
): Uint8Array {
  const filter = filters[interpolation];
  const down = taps(height, newHeight, filter, antialias);
  let rows: Uint8Array = data;
  if (newWidth !== width) {
    const across = taps(width, newWidth, filter, antialias);
    rows = new Uint8Array(planes * height * newWidth * channels);
    const clamped = new Uint8ClampedArray(rows.buffer);
    if (channels === 3) rowsRgb(data, clamped, planes * height, width, newWidth, across);
    else rowsAny(data, clamped, planes * height, width, newWidth, channels, across);
  }
  if (newHeight === height) return rows;
  const out = new Uint8Array(planes * newHeight * newWidth * channels);
  columns(rows, new Uint8ClampedArray(out.buffer), planes, height, newHeight, newWidth * channels, down);
  return out;
}

/** Three sums at once share the weight's load. */
function rowsRgb(
  data: Uint8Array,
  out: Uint8ClampedArray,
  rows: number,
  width: number,
  newWidth: number,
  t: Taps,
): void {
  const { first, count, stride } = t;
  const weights = fixedPoint(t.weights);
  let o = 0;
  for (let y = 0; y < rows; y++) {
    const row = y * width * 3;
    for (let x = 0; x < newWidth; x++) {
      let s = row + first[x]! * 3;
      const start = x * stride;
      const end = start + count[x]!;
      let r = HALF;
      let g = HALF;
      let b = HALF;
      let k = start;
      // Four taps at a time: most windows are short, and the loop would cost as much as the sums.
      for (; k + 4 <= end; k += 4, s += 12) {
        const w0 = weights[k]!;
        const w1 = weights[k + 1]!;
        const w2 = weights[k + 2]!;
        const w3 = weights[k + 3]!;
        r = (r + Math.imul(data[s]!, w0) + Math.imul(data[s + 3]!, w1)) | 0;
        r = (r + Math.imul(data[s + 6]!, w2) + Math.imul(data[s + 9]!, w3)) | 0;
        g = (g + Math.imul(data[s + 1]!, w0) + Math.imul(data[s + 4]!, w1)) | 0;
        g = (g + Math.imul(data[s + 7]!, w2) + Math.imul(data[s + 10]!, w3)) | 0;
        b = (b + Math.imul(data[s + 2]!, w0) + Math.imul(data[s + 5]!, w1)) | 0;
        b = (b + Math.imul(data[s + 8]!, w2) + Math.imul(data[s + 11]!, w3)) | 0;
      }
      for (; k < end; k++, s += 3) {
        const w = weights[k]!;
        r = (r + Math.imul(data[s]!, w)) | 0;
        g = (g + Math.imul(data[s + 1]!, w)) | 0;
        b = (b + Math.imul(data[s + 2]!, w)) | 0;
      }
      out[o] = r >> FRACTION;
      out[o + 1] = g >> FRACTION;
      out[o + 2] = b >> FRACTION;
      o += 3;
    }
  }
}

function rowsAny(
  data: Uint8Array,
  out: Uint8ClampedArray,
  rows: number,
  width: number,
  newWidth: number,
  channels: number,
  t: Taps,
): void {
  const weights = fixedPoint(t.weights);
  let o = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < newWidth; x++) {
      const from = (y * width + t.first[x]!) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        for (let k = 0; k < t.count[x]!; k++) {
          sum += Math.imul(data[from + k * channels + c]!, weights[x * t.stride + k]!);
        }
        out[o++] = sum >> FRACTION;
      }
    }
  }
}

function columns(
  rows: Uint8Array,
  out: Uint8ClampedArray,
  planes: number,
  height: number,
  newHeight: number,
  rowLength: number,
  t: Taps,
): void {
  const weights = fixedPoint(t.weights);
  const sums = new Int32Array(rowLength);
  for (let p = 0; p < planes; p++) {
    for (let y = 0; y < newHeight; y++) {
      const from = (p * height + t.first[y]!) * rowLength;
      const o = (p * newHeight + y) * rowLength;
      const w = y * t.stride;
      sums.fill(HALF);
      let k = 0;
      for (; k + 4 < t.count[y]!; k += 4) addRows(sums, rows, from + k * rowLength, weights, w + k);
      // Behind the last row come weights of 0; their rows are not read.
      lastRows(sums, rows, from + k * rowLength, weights, w + k, t.count[y]! - k, out, o);
    }
  }
}

function addRows(sums: Int32Array, rows: Uint8Array, from: number, weights: Int32Array, w: number): void {
  const n = sums.length;
  const [w0, w1, w2, w3] = [weights[w]!, weights[w + 1]!, weights[w + 2]!, weights[w + 3]!];
  for (let x = 0, s = from; x < n; x++, s++) {
    const two = Math.imul(rows[s]!, w0) + Math.imul(rows[s + n]!, w1);
    sums[x] = sums[x]! + two + Math.imul(rows[s + 2 * n]!, w2) + Math.imul(rows[s + 3 * n]!, w3);
  }
}

/** Adds the last one to four rows and rounds. */
function lastRows(
  sums: Int32Array,
  rows: Uint8Array,
  from: number,
  weights: Int32Array,
  w: number,
  count: number,
  out: Uint8ClampedArray,
  o: number,
): void {
  const n = sums.length;
  const w0 = weights[w]!;
  const [w1, w2, w3] = [1, 2, 3].map((k) => (k < count ? weights[w + k]! : 0)) as [number, number, number];
  const [s1, s2, s3] = [1, 2, 3].map((k) => (k < count ? from + k * n : from)) as [number, number, number];
  for (let x = 0; x < n; x++) {
    const two = (sums[x]! + Math.imul(rows[from + x]!, w0) + Math.imul(rows[s1 + x]!, w1)) | 0;
    out[o + x] = (two + Math.imul(rows[s2 + x]!, w2) + Math.imul(rows[s3 + x]!, w3)) >> FRACTION;
  }
}

/** Floating planes, one after the other. */
export interface FloatSource {
  readonly data: Float32Array | Float64Array;
  readonly width: number;
  readonly height: number;
  readonly planes: number;
}

/** Resized floating planes, accumulated in float64. */
export function resampleFloats(
  { data, width, height, planes }: FloatSource,
  newWidth: number,
  newHeight: number,
  interpolation: Interpolation,
  antialias: boolean,
): Float32Array | Float64Array {
  const filter = filters[interpolation];
  const across = taps(width, newWidth, filter, antialias);
  const down = taps(height, newHeight, filter, antialias);
  const make = (n: number) => (data instanceof Float32Array ? new Float32Array(n) : new Float64Array(n));
  const rows = new Float64Array(height * newWidth);
  const sums = new Float64Array(newWidth);
  const out = make(planes * newHeight * newWidth);
  for (let p = 0; p < planes; p++) {
    floatRows(data, p * height * width, rows, height, width, newWidth, across);
    for (let y = 0; y < newHeight; y++) {
      sums.fill(0);
      for (let k = 0; k < down.count[y]!; k++) {
        addFloatRow(sums, rows, (down.first[y]! + k) * newWidth, down.weights[y * down.stride + k]!);
      }
      out.set(sums, (p * newHeight + y) * newWidth);
    }
  }
  return out;
}

function floatRows(
  data: Float32Array | Float64Array,
  from: number,
  rows: Float64Array,
  height: number,
  width: number,
  newWidth: number,
  { first, count, weights, stride }: Taps,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < newWidth; x++) {
      let s = from + y * width + first[x]!;
      const start = x * stride;
      const end = start + count[x]!;
      let sum = 0;
      for (let k = start; k < end; k++) sum += data[s++]! * weights[k]!;
      rows[y * newWidth + x] = sum;
    }
  }
}

function addFloatRow(sums: Float64Array, rows: Float64Array, from: number, w: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = sums[x]! + rows[from + x]! * w;
}
