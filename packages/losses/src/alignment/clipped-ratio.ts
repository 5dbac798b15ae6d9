import { type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { constant } from "../core/option-tensor.ts";

export interface ClipOptions {
  /** How far the ratio may fall below 1 before a bad answer is let go. Default 0.2. */
  readonly clip?: number;
  /** How far it may rise above 1 before a good answer is let go. Default `clip`; DAPO uses 0.28. */
  readonly clipHigh?: number;
  /** Upper bound of the ratio where the advantage is negative, above `1 + clipHigh` (dual clip; TRL's delta). Default none. */
  readonly dualClip?: number;
}

/** @throws ArgumentError for bounds that cannot be used. */
export function checkClip(op: string, { clip = 0.2, clipHigh = clip, dualClip }: ClipOptions): void {
  checkOption(op, "clip", clip, "from 0 to 1", clip >= 0 && clip <= 1);
  checkOption(op, "clipHigh", clipHigh, "0 or more", clipHigh >= 0);
  checkOption(op, "dualClip", dualClip, "above 1", dualClip === undefined || dualClip > 1);
}

/**
 * `-min(r A, clip(r, 1 - clip, 1 + clipHigh) A)` with `r = e^x`. The minimum binds from above where A is positive and from below where it is negative, so
 * the logarithm x is bounded before the exponential: nothing overflows where the ratio is clipped, and its gradient is 0 there.
 */
export function clippedObjective(x: Tensor, advantages: Tensor, options: ClipOptions): Tensor {
  const { clip = 0.2, clipHigh = clip, dualClip = Number.POSITIVE_INFINITY } = options;
  const bound = (positive: number, negative: number) =>
    where(advantages.lt(0), constant(negative, x), constant(positive, x));
  const highest = bound(Math.log1p(clipHigh), Math.log(dualClip));
  const lowest = bound(Number.NEGATIVE_INFINITY, Math.log1p(-clip));
  const bounded = where(x.gt(highest), highest, where(x.lt(lowest), lowest, x));
  return bounded.exp().mul(advantages).neg();
}
