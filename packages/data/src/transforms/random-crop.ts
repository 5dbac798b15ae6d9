import { ArgumentError, defaultGenerator, type Generator } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { type Picture, pictureSize } from "../value.ts";
import { crop, type GeometricTransform, type Placement, place, wholePicture } from "./placement.ts";
import { bothSides, checkPicture, checkSide, type Size } from "./transform.ts";

export interface RandomCropOptions {
  /** Pixels added before cropping: on all sides, `[sides, top and bottom]`, or `[left, top, right, bottom]`. Default 0. */
  readonly padding?: number | readonly [number, number] | readonly [number, number, number, number];
  /** Pads a picture smaller than the crop instead of refusing it. Default false. */
  readonly padIfNeeded?: boolean;
  /** The value of added pixels. Default 0. */
  readonly fill?: number;
}

type Sides = readonly [left: number, top: number, right: number, bottom: number];

/**
 * A rectangle at a random place, every place equally likely. Throws a ShapeError-like ArgumentError if the padded picture is too small.
 * Source: torchvision.transforms.RandomCrop.
 */
export class RandomCrop implements GeometricTransform {
  readonly size: readonly [height: number, width: number];
  readonly padding: Sides;
  readonly padIfNeeded: boolean;
  readonly fill: number;

  /** @param size `[height, width]`, or one number for a square */
  constructor(size: Size, { padding = 0, padIfNeeded = false, fill = 0 }: RandomCropOptions = {}) {
    this.size = bothSides("RandomCrop", size);
    this.padding = allSides(padding);
    this.padIfNeeded = padIfNeeded;
    this.fill = fill;
  }

  place(placement: Placement, random: Generator = defaultGenerator()): Placement {
    const [height, width] = this.size;
    const [left, top, right, bottom] = this.padding;
    const x = this.#position(placement.width, left, right, width, "wide");
    const y = this.#position(placement.height, top, bottom, height, "high");
    // Top before left, as torchvision draws them; an axis without slack draws nothing.
    const down = y.slack > 0 ? random.integer(y.slack + 1) : 0;
    const along = x.slack > 0 ? random.integer(x.slack + 1) : 0;
    return crop(placement, x.first + along, y.first + down, width, height);
  }

  #position(have: number, before: number, after: number, want: number, word: string): { first: number; slack: number } {
    let first = -before;
    let slack = have + before + after - want;
    if (slack < 0 && this.padIfNeeded) {
      first += slack;
      slack = -slack;
    }
    if (slack >= 0) return { first, slack };
    throw new ArgumentError({
      op: "RandomCrop",
      rule: "the picture is smaller than the crop",
      received: `${have + before + after} ${word} with padding`,
      expected: `at least ${want}`,
      hint: "Resize first, or pass padIfNeeded: true",
    });
  }

  apply<P extends Picture>(value: P, random?: Generator): P {
    checkPicture("RandomCrop", value);
    return place(value, this.place(wholePicture(pictureSize(value)), random), this.fill);
  }

  spec(): Spec {
    const { padding, padIfNeeded, fill } = this;
    return { name: "RandomCrop", args: [this.size, { padding, padIfNeeded, fill }] };
  }
}

function allSides(padding: NonNullable<RandomCropOptions["padding"]>): Sides {
  const given = typeof padding === "number" ? [padding, padding] : padding;
  const [left, top, right = left, bottom = top] = given as [number, number, number?, number?];
  const sides = [left, top, right, bottom] as const;
  for (const side of sides) checkSide("RandomCrop", "the padding", side, 0);
  return sides;
}
