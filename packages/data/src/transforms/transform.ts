import { ArgumentError, type Generator } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { type DenseArray, describeValue, isDenseArray, isImage, type Picture } from "../value.ts";

/**
 * Changes one value of a sample. Random transforms draw from `random` only, which the loader derives from (seed, epoch, index), so that
 * the stream of samples does not depend on workers or prefetching; without it they draw from the default generator.
 * With a `spec` a transform runs in loader workers.
 */
export interface Transform<In = never, Out = unknown> {
  apply(value: In, random?: Generator): Out;
  spec?(): Spec;
}

/** @throws ArgumentError for anything but an image or a dense array. */
export function checkPicture(op: string, value: unknown): asserts value is Picture {
  if (isImage(value)) return;
  if (isDenseArray(value) && (value.shape.length === 2 || value.shape.length === 3)) return;
  throw new ArgumentError({
    op,
    rule: "takes pictures",
    received: describeValue(value),
    expected: "an image { data, width, height, channels } or an array [C, H, W]",
  });
}

/** A picture of the same kind as `like`, with other pixels. */
export function withPixels<P extends Picture>(like: P, data: P["data"], width: number, height: number): P {
  if (isImage(like)) return { data, width, height, channels: like.channels } as unknown as P;
  const { shape, dtype } = like as DenseArray;
  const made = { data, shape: [...shape.slice(0, -2), height, width] };
  return (dtype === undefined ? made : { ...made, dtype }) as unknown as P;
}

/** A side length, or `[height, width]`. */
export type Size = number | readonly [height: number, width: number];

export function checkSide(op: string, name: string, side: number, least = 1): number {
  if (Number.isInteger(side) && side >= least && side <= 0x7fffffff) return side;
  throw new ArgumentError({ op, rule: `${name} must be a whole number of ${least} or more`, received: String(side) });
}

/** `[height, width]` of a size; a number is a square. */
export function bothSides(op: string, size: Size): readonly [number, number] {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  return [checkSide(op, "the height", height), checkSide(op, "the width", width)];
}

export function checkProbability(op: string, p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new ArgumentError({ op, rule: "the probability must lie between 0 and 1", received: String(p) });
}

export type { Picture };
