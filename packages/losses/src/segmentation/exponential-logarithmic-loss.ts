import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import type { Loss } from "../core/loss-function.ts";
import { allWeights, defineTwoTermLoss, type TwoTermOptions } from "./combined-losses.ts";
import { type OverlapOptions, overlapLosses } from "./define-overlap-loss.ts";
import { pixelTerms } from "./pixel-terms.ts";
import { powerFromZero } from "./power.ts";

const OP = "exponentialLogarithmicLoss";

export interface ExponentialLogarithmicLossOptions extends Omit<OverlapOptions, "reduction" | "log">, TwoTermOptions {
  /** Factor of the Dice term. Default 0.8. */
  readonly lambdaDice?: number;
  /** Factor of the cross entropy term. Default 0.2. */
  readonly lambdaCrossEntropy?: number;
  /** Exponent of the Dice term. Default 0.3. */
  readonly gammaDice?: number;
  /** Exponent of the cross entropy term. Default 0.3. */
  readonly gammaCrossEntropy?: number;
}

/**
 * Exponential logarithmic loss, for regions of very different sizes.
 *
 *     loss = lambdaDice mean_classes((-log Dice_c)^gammaDice) + lambdaCrossEntropy mean_pixels(w_y (-log p_y)^gammaCrossEntropy)
 *
 * Shapes and options as `diceLoss`, to a scalar; both smoothing terms default to 1, as in the paper. `weight` is w, of the cross entropy alone; the paper takes
 * the root of the ratio of all labelled pixels to the class's. The second mean divides by the number of pixels.
 *
 * With exponents below 1 the slope grows without bound towards a perfect prediction; at exactly 0 the gradient is 0.
 * Source: Wong et al., "3D segmentation with exponential logarithmic loss for highly unbalanced object sizes" (2018), arXiv 1809.00076.
 * @throws ArgumentError for exponents that are not above 0, `activation: "none"` or `reduction: "none"`; else as `diceLoss`.
 * @example exponentialLogarithmicLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.4865541160106659
 */
export const exponentialLogarithmicLoss: Loss<
  [input: TensorArg, target: TensorArg],
  ExponentialLogarithmicLossOptions
> = /* @__PURE__ */ defineTwoTermLoss<ExponentialLogarithmicLossOptions>(OP, (images, options) => {
  const { lambdaDice = 0.8, lambdaCrossEntropy = 0.2, gammaDice = 0.3, gammaCrossEntropy = 0.3 } = options;
  checkPositive(OP, "gammaDice", gammaDice);
  checkPositive(OP, "gammaCrossEntropy", gammaCrossEntropy);
  const { weight, ...unweighted } = options;
  const score = { hits: 2, fp: 1, fn: 1, shape: (loss: Tensor) => powerFromZero(loss, gammaDice) };
  const smooth = { smoothNumerator: 1, smoothDenominator: 1 };
  const pixels = {
    weights: allWeights(OP, weight, images),
    shape: (surprise: Tensor) => powerFromZero(surprise, gammaCrossEntropy),
    normalize: "count" as const,
  };
  return [
    [lambdaDice, overlapLosses(OP, images, score, { ...smooth, ...unweighted, log: true })],
    [lambdaCrossEntropy, pixelTerms(OP, images, pixels)],
  ];
});

/** `exponentialLogarithmicLoss` with its options kept. */
export const ExponentialLogarithmicLoss = /* @__PURE__ */ lossClass(
  "ExponentialLogarithmicLoss",
  exponentialLogarithmicLoss,
);
