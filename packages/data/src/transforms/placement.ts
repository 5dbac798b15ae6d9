import type { Generator } from "@tenon/numerics";
import { type DenseArray, type Image, isImage, type Picture, pictureSize } from "../value.ts";
import { type Transform, withPixels } from "./transform.ts";

/**
 * Where the pixels of a cropped, padded and flipped picture come from: pixel (x, y) shows the source's (x0 + dx x, y0 + dy y) if that
 * lies inside the window, else the fill value. Crops and flips compose into one placement, so that a chain of them moves each pixel once.
 */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly x0: number;
  readonly y0: number;
  readonly dx: 1 | -1;
  readonly dy: 1 | -1;
  /** The window of the source that may show. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A transform that only moves pixels. */
export interface GeometricTransform extends Transform<Picture, Picture> {
  /** The value where no source pixel lies; undefined if the transform never looks outside. */
  readonly fill: number | undefined;
  place(placement: Placement, random?: Generator): Placement;
}

export function isGeometric(transform: Transform): transform is GeometricTransform {
  return "place" in transform && typeof transform.place === "function";
}

export function wholePicture({ width, height }: { readonly width: number; readonly height: number }): Placement {
  return { width, height, x0: 0, y0: 0, dx: 1, dy: 1, left: 0, top: 0, right: width, bottom: height };
}

/** The rectangle of `placement` at (left, top), which may reach outside on any side. */
export function crop(placement: Placement, left: number, top: number, width: number, height: number): Placement {
  const { x0, y0, dx, dy } = placement;
  // What lies outside the picture as it is now stays outside, even where the source has pixels.
  const [xa, xb] = interval(x0, dx, placement.width);
  const [ya, yb] = interval(y0, dy, placement.height);
  return {
    width,
    height,
    x0: x0 + dx * left,
    y0: y0 + dy * top,
    dx,
    dy,
    left: Math.max(placement.left, xa),
    top: Math.max(placement.top, ya),
    right: Math.min(placement.right, xb),
    bottom: Math.min(placement.bottom, yb),
  };
}

function interval(start: number, step: 1 | -1, length: number): [number, number] {
  return step === 1 ? [start, start + length] : [start - length + 1, start + 1];
}

export function flipHorizontally(placement: Placement): Placement {
  const { x0, dx, width } = placement;
  return { ...placement, x0: x0 + dx * (width - 1), dx: dx === 1 ? -1 : 1 };
}

export function flipVertically(placement: Placement): Placement {
  const { y0, dy, height } = placement;
  return { ...placement, y0: y0 + dy * (height - 1), dy: dy === 1 ? -1 : 1 };
}

/** Distances between neighbours in a buffer. */
interface Strides {
  readonly channel: number;
  readonly row: number;
  readonly pixel: number;
}

function stridesOf(value: Picture, width: number, height: number): Strides {
  return isImage(value)
    ? { channel: 1, row: width * value.channels, pixel: value.channels }
    : { channel: width * height, row: width, pixel: 1 };
}

/** Output positions along one axis, from which to which the source shows. */
function visible(start: number, step: 1 | -1, low: number, high: number, length: number): readonly [number, number] {
  const from = step === 1 ? low - start : start - high + 1;
  const to = step === 1 ? high - start : start - low + 1;
  const first = Math.min(Math.max(from, 0), length);
  return [first, Math.max(first, Math.min(to, length))];
}

/** The picture that a placement shows. */
export function place<P extends Picture>(value: P, placement: Placement, fill: number): P {
  const { width, height, dx, dy, x0, y0 } = placement;
  const size = pictureSize(value);
  const from = stridesOf(value, size.width, size.height);
  const to = stridesOf(value, width, height);
  const data = value.data as Uint8Array;
  const out = new (data.constructor as Uint8ArrayConstructor)(width * height * size.channels);
  if (fill !== 0) out.fill(fill);
  const [xa, xb] = visible(x0, dx, placement.left, placement.right, width);
  const [ya, yb] = visible(y0, dy, placement.top, placement.bottom, height);
  const step = dx * from.pixel;
  for (let c = 0; c < size.channels; c++) {
    for (let y = ya; y < yb; y++) {
      let s = c * from.channel + (y0 + dy * y) * from.row + (x0 + dx * xa) * from.pixel;
      let t = c * to.channel + y * to.row + xa * to.pixel;
      for (let x = xa; x < xb; x++) {
        out[t] = data[s]!;
        s += step;
        t += to.pixel;
      }
    }
  }
  return withPixels(value, out as never, width, height);
}

/** The picture that a placement shows as floats `[C, H, W]`: byte b of channel c becomes `table[256 c + b]`. */
export function placeThroughTable(
  image: Image,
  placement: Placement,
  fill: number,
  table: Float32Array,
): DenseArray<Float32Array> {
  const { width, height, dx, dy, x0, y0 } = placement;
  const { data, channels } = image;
  const plane = height * width;
  const out = new Float32Array(channels * plane);
  const [xa, xb] = visible(x0, dx, placement.left, placement.right, width);
  const [ya, yb] = visible(y0, dy, placement.top, placement.bottom, height);
  if ((xb - xa) * (yb - ya) < plane) {
    for (let c = 0; c < channels; c++) out.fill(table[256 * c + fill]!, c * plane, (c + 1) * plane);
  }
  for (let y = ya; y < yb; y++) {
    const from = ((y0 + dy * y) * image.width + x0 + dx * xa) * channels;
    const to = y * width + xa;
    if (channels === 3) rowOfThree(data, from, 3 * dx, table, out, to, plane, xb - xa);
    else {
      for (let c = 0; c < channels; c++) {
        for (let x = 0; x < xb - xa; x++) {
          out[c * plane + to + x] = table[256 * c + data[from + x * dx * channels + c]!]!;
        }
      }
    }
  }
  return { data: out, shape: [channels, height, width] };
}

/** Colour images are the common case, and three channels in one pass cost little more than one. */
function rowOfThree(
  data: Uint8Array,
  from: number,
  step: number,
  table: Float32Array,
  out: Float32Array,
  to: number,
  plane: number,
  length: number,
): void {
  for (let t = to, s = from; t < to + length; t++, s += step) {
    out[t] = table[data[s]!]!;
    out[t + plane] = table[256 + data[s + 1]!]!;
    out[t + 2 * plane] = table[512 + data[s + 2]!]!;
  }
}
