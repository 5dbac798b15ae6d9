import {
  asTensor,
  binaryEntropyWithLogits,
  broadcastShapes,
  formatShape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

const OP = "softBinaryCrossEntropyWithLogits";

export interface SoftBinaryCrossEntropyWithLogitsOptions extends ReductionOptions {
  /** Elements with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** How far targets are moved from 0 and 1: 0.1 makes 0.9 of 1 and 0.1 of 0. Default 0. */
  readonly labelSmoothing?: number;
  /** Factor of every single loss; any shape that broadcasts to the input's. Default none. */
  readonly weight?: TensorArg;
  /** Factor of the positive term; any shape that broadcasts to the input's. Default none. */
  readonly posWeight?: TensorArg;
}

/**
 * Binary cross entropy with logits of masks in which some pixels are void: `binaryCrossEntropyWithLogits(x, t (1 - s) + (1 - t) s)` where t is not
 * `ignoreIndex`.
 *
 * Shapes: input and target (floats, integers or bools) alike, any; to a scalar, or the same shape with `reduction: "none"`. The mean divides by the number of
 * elements that count. For class indices `crossEntropy` has `ignoreIndex` and `labelSmoothing` itself.
 * Source: segmentation_models.pytorch, SoftBCEWithLogitsLoss.
 * Differs from that: its mean divides by all elements, the ignored ones included.
 * @throws ShapeError unless the shapes agree; ArgumentError for a labelSmoothing outside [0, 1].
 * @example softBinaryCrossEntropyWithLogits([2, -1, 7], [1, 0, -100], { labelSmoothing: 0.1 }).item() // 0.37009483575820923
 */
export const softBinaryCrossEntropyWithLogits = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: SoftBinaryCrossEntropyWithLogitsOptions): Losses => {
    const { ignoreIndex = -100, labelSmoothing: s = 0, weight, posWeight } = options;
    checkOption(OP, "labelSmoothing", s, "a number from 0 to 1", s >= 0 && s <= 1);
    const given = asTensor(target);
    const [x] = doubles(asTensor(input));
    if (!sameShape(x.shape, given.shape)) {
      throw new ShapeError({
        op: OP,
        rule: "input and target differ in shape",
        received: `input ${formatShape(x.shape)}, target ${formatShape(given.shape)}`,
        expected: "the same shape",
      });
    }
    const factors = (name: string, values: TensorArg | undefined) => {
      if (values === undefined) return undefined;
      const [factor] = doubles(asTensor(values));
      checkStretch(name, factor, x);
      return factor;
    };
    const [weights, posWeights] = [factors("weight", weight), factors("posWeight", posWeight)];
    const kept = given.ne(ignoreIndex);
    const clean = (values: Tensor) => where(kept, values, 0);
    const t = clean(given.to(x.dtype));
    const smooth = s === 0 ? t : t.mul(1 - 2 * s).add(s);
    const entropy = binaryEntropyWithLogits(clean(x), smooth, {
      reduction: "none",
      ...(posWeights === undefined ? {} : { posWeight: posWeights }),
    });
    return {
      losses: clean(weights === undefined ? entropy : entropy.mul(weights)),
      divisor: kept.to(x.dtype).sum(),
    };
  },
);

function checkStretch(name: string, factor: Tensor, x: Tensor): void {
  if (sameShape(broadcastShapes(OP, factor.shape, x.shape), x.shape)) return;
  throw new ShapeError({
    op: OP,
    rule: `the ${name} would stretch the input`,
    received: `${name} ${formatShape(factor.shape)}, input ${formatShape(x.shape)}`,
    expected: "a shape that broadcasts to the input's",
  });
}

/** `softBinaryCrossEntropyWithLogits` with its options kept. */
export const SoftBCEWithLogitsLoss = /* @__PURE__ */ lossClass(
  "SoftBCEWithLogitsLoss",
  softBinaryCrossEntropyWithLogits,
);
