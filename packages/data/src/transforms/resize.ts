import { ArgumentError, type TypedArray } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { isImage, type Picture, pictureSize } from "../value.ts";
import { type Interpolation, resample } from "./resample.ts";
import { byteArithmetic } from "./resample-bytes.ts";
import { floatArithmetic } from "./resample-floats.ts";
import { bothSides, checkPicture, checkSide, type Size, type Transform, withPixels } from "./transform.ts";

export interface ResizeOptions {
  /** Default "bilinear". */
  readonly interpolation?: Interpolation;
  /** Widens the filter by the scale when shrinking, so that every source pixel counts. Default true. */
  readonly antialias?: boolean;
  /** With a single number as size: the most that the longer side may become. */
  readonly maxSize?: number;
}

/**
 * Resizes a picture: a triangle (bilinear) or cubic (a = -0.5) filter on half-pixel centres, along rows, then along columns.
 * A single number is the new shorter side and keeps the aspect (the longer side is truncated). A picture of that size already is
 * returned as it is. Bytes are computed in Pillow's fixed-point arithmetic and equal its results; floating numbers are summed in float64.
 * Source: torchvision.transforms.Resize; Pillow, src/libImaging/Resample.c.
 */
export class Resize implements Transform<Picture, Picture> {
  readonly size: Size;
  readonly interpolation: Interpolation;
  readonly antialias: boolean;
  readonly maxSize: number | undefined;

  constructor(size: Size, { interpolation = "bilinear", antialias = true, maxSize }: ResizeOptions = {}) {
    if (typeof size === "number") checkSide("Resize", "the size", size);
    else bothSides("Resize", size);
    if (maxSize !== undefined && (typeof size !== "number" || maxSize < size)) {
      throw new ArgumentError({
        op: "Resize",
        rule: "maxSize needs a single number as size that is not larger",
        received: `size ${size}, maxSize ${maxSize}`,
      });
    }
    if (interpolation !== "bilinear" && interpolation !== "bicubic") {
      throw new ArgumentError({
        op: "Resize",
        rule: "unknown interpolation",
        received: String(interpolation),
        expected: '"bilinear" or "bicubic"',
      });
    }
    this.size = size;
    this.interpolation = interpolation;
    this.antialias = antialias;
    this.maxSize = maxSize;
  }

  apply<P extends Picture>(value: P): P {
    checkPicture("Resize", value);
    const before = pictureSize(value);
    const [height, width] = this.#target(before.height, before.width);
    if (height === before.height && width === before.width) return value;
    const interleaved = isImage(value);
    const layout = {
      width: before.width,
      height: before.height,
      channels: interleaved ? before.channels : 1,
      planes: interleaved ? 1 : before.channels,
    };
    const finish = (data: TypedArray) => withPixels(value, data as never, width, height);
    const { data } = value;
    const size = [height, width] as const;
    if (data instanceof Uint8Array) return finish(resample({ data, ...layout }, byteArithmetic, size, this));
    if (data instanceof Float32Array) {
      return finish(resample({ data, ...layout }, floatArithmetic(Float32Array), size, this));
    }
    if (data instanceof Float64Array) {
      return finish(resample({ data, ...layout }, floatArithmetic(Float64Array), size, this));
    }
    throw new ArgumentError({
      op: "Resize",
      rule: "takes bytes and floating numbers",
      received: value.data.constructor.name,
    });
  }

  #target(height: number, width: number): readonly [number, number] {
    if (typeof this.size !== "number") return this.size;
    const [short, long] = height < width ? [height, width] : [width, height];
    let [newShort, newLong] = [this.size, Math.trunc((this.size * long) / short)];
    if (this.maxSize !== undefined && newLong > this.maxSize) {
      newShort = Math.max(1, Math.trunc((this.maxSize * newShort) / newLong));
      newLong = this.maxSize;
    }
    return height < width ? [newShort, newLong] : [newLong, newShort];
  }

  spec(): Spec {
    const { interpolation, antialias, maxSize } = this;
    return {
      name: "Resize",
      args: [this.size, { interpolation, antialias, ...(maxSize === undefined ? {} : { maxSize }) }],
    };
  }
}
