import type { Image } from "../value.ts";
import { inverseTransform } from "./jpeg-idct.ts";
import type { Component, Frame } from "./jpeg-segments.ts";

/** One component's samples; `stride` of them a row. */
interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** The picture of a decoded frame. */
export function toPixels(frame: Frame, ycc: boolean): Image {
  const { width, height, components } = frame;
  const planes = components.map((component) => upsample(samplesOf(component), component, frame));
  const channels = planes.length;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    if (channels === 3 && ycc) yccRow(planes, y, data, width);
    else {
      planes.forEach((plane, c) => {
        for (let x = 0; x < width; x++) data[(y * width + x) * channels + c] = plane.data[y * plane.stride + x]!;
      });
    }
  }
  return { data, width, height, channels };
}

function samplesOf({ coefficients, quantization, stride, width, height }: Component): Plane {
  const rowLength = stride * 8;
  const blocks = coefficients.length / 64;
  const data = new Uint8Array(blocks * 64);
  for (let block = 0; block < blocks; block++) {
    const to = Math.floor(block / stride) * 8 * rowLength + (block % stride) * 8;
    inverseTransform(coefficients, block * 64, quantization!, data, to, rowLength);
  }
  return { data, stride: rowLength, width, height };
}

/** Brings a component to the picture's size: smoothly for factors of 2, by repetition for others, as libjpeg does. */
function upsample(plane: Plane, { h, v }: Component, { maxH, maxV, width, height }: Frame): Plane {
  const [across, down] = [maxH / h, maxV / v];
  if (across === 1 && down === 1) return plane;
  if (across === 2 && down === 1 && plane.width > 2) return smoothAcross(plane);
  if (across === 2 && down === 2 && plane.width > 2) return smoothBoth(plane);
  if (across === 1 && down === 2) return smoothDown(plane);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = plane.data[Math.floor(y / down) * plane.stride + Math.floor(x / across)]!;
    }
  }
  return { data, stride: width, width, height };
}

/** Weights 3/4 and 1/4; the two outputs of a sample round in opposite directions (jdsample.c, h2v1_fancy_upsample). */
function smoothAcross({ data, stride, width, height }: Plane): Plane {
  const out = new Uint8Array(2 * width * height);
  for (let y = 0; y < height; y++) {
    const from = y * stride;
    const to = 2 * y * width;
    for (let x = 0; x < width; x++) {
      const three = 3 * data[from + x]!;
      out[to + 2 * x] = x === 0 ? data[from]! : (three + data[from + x - 1]! + 1) >> 2;
      out[to + 2 * x + 1] = x === width - 1 ? data[from + x]! : (three + data[from + x + 1]! + 2) >> 2;
    }
  }
  return { data: out, stride: 2 * width, width: 2 * width, height };
}

/** The row above or below the middle of a sample, repeated at the picture's edge. */
function neighbourRow(y: number, lower: number, height: number): number {
  return Math.min(Math.max(lower === 0 ? y - 1 : y + 1, 0), height - 1);
}

function smoothDown({ data, stride, width, height }: Plane): Plane {
  const out = new Uint8Array(2 * width * height);
  for (let y = 0; y < height; y++) {
    for (const lower of [0, 1]) {
      const near = y * stride;
      const far = neighbourRow(y, lower, height) * stride;
      const to = (2 * y + lower) * width;
      for (let x = 0; x < width; x++) out[to + x] = (3 * data[near + x]! + data[far + x]! + 1 + lower) >> 2;
    }
  }
  return { data: out, stride: width, width, height: 2 * height };
}

/** Weights 9/16, 3/16, 3/16, 1/16 (jdsample.c, h2v2_fancy_upsample). */
function smoothBoth({ data, stride, width, height }: Plane): Plane {
  const out = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (const lower of [0, 1]) {
      const near = y * stride;
      const far = neighbourRow(y, lower, height) * stride;
      const to = (2 * y + lower) * 2 * width;
      let before = 3 * data[near]! + data[far]!;
      let here = before;
      for (let x = 0; x < width; x++) {
        const last = x === width - 1;
        const after = last ? here : 3 * data[near + x + 1]! + data[far + x + 1]!;
        out[to + 2 * x] = (3 * here + before + 8) >> 4;
        out[to + 2 * x + 1] = (3 * here + after + 7) >> 4;
        before = here;
        here = after;
      }
    }
  }
  return { data: out, stride: 2 * width, width: 2 * width, height: 2 * height };
}

// ITU-R BT.601 in 16-bit fixed point (jdcolor.c).
const fix = (x: number) => Math.floor(x * 65536 + 0.5);
const HALF = 1 << 15;
const RED = fix(1.402);
const BLUE = fix(1.772);
const GREEN_RED = fix(0.71414);
const GREEN_BLUE = fix(0.34414);

function clamp(x: number): number {
  return Math.max(0, Math.min(x, 255));
}

function yccRow([luma, blue, red]: readonly Plane[], y: number, out: Uint8Array, width: number): void {
  const [ly, lb, lr] = [y * luma!.stride, y * blue!.stride, y * red!.stride];
  let o = 3 * y * width;
  for (let x = 0; x < width; x++, o += 3) {
    const l = luma!.data[ly + x]!;
    const b = blue!.data[lb + x]! - 128;
    const r = red!.data[lr + x]! - 128;
    out[o] = clamp(l + ((RED * r + HALF) >> 16));
    out[o + 1] = clamp(l + ((HALF - GREEN_BLUE * b - GREEN_RED * r) >> 16));
    out[o + 2] = clamp(l + ((BLUE * b + HALF) >> 16));
  }
}
