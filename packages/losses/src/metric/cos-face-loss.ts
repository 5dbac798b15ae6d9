import { checkOption, checkPositive } from "../core/check-option.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { rowProducts } from "./unit-rows.ts";

export interface CosFaceLossOptions {
  /** What is taken from the target's cosine. Default 0.35. */
  readonly margin: number;
  /** What cosines are multiplied by. Default 64. */
  readonly scale: number;
}

/**
 * CosFace (additive margin softmax): cross entropy of scaled cosines with a margin at the target.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = cos theta_y - margin,  z_c = cos theta_c elsewhere
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class; both are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`.
 * `weight` in the options is a factor of each class.
 * Source: Wang et al., "CosFace: Large Margin Cosine Loss for Deep Face Recognition" (2018), arXiv 1801.09414. With the vectors as a parameter: `CosFaceLoss`.
 * @throws ArgumentError for a scale that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example cosFaceLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]], { scale: 4 }).item() // 0.07164469361305237
 */
export const cosFaceLoss = /* @__PURE__ */ defineClassWeightLoss<CosFaceLossOptions>(
  "cosFaceLoss",
  (vectors, { margin, scale }) => {
    const target = rowProducts(...vectors.targetPairs());
    return vectors.withTarget(vectors.cosines(), target.sub(margin)).mul(scale);
  },
  {
    defaults: { margin: 0.35, scale: 64 },
    check: ({ margin, scale }) => {
      checkOption("cosFaceLoss", "margin", String(margin), "a number", Number.isFinite(margin));
      checkPositive("cosFaceLoss", "scale", scale);
    },
  },
);

/** `cosFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const CosFaceLoss = /* @__PURE__ */ classWeightLossClass("CosFaceLoss", cosFaceLoss);

export interface NormalizedSoftmaxLossOptions {
  /** What cosines are divided by. Default 0.05. */
  readonly temperature: number;
}

/**
 * Cross entropy of cosines over a temperature: classification by direction alone. `loss = -log softmax(cos theta / temperature)[y]`
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class; both are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`.
 * Source: Zhai and Wu, "Classification is a Strong Baseline for Deep Metric Learning" (2018), arXiv 1811.12649. With the vectors as a parameter:
 * `NormalizedSoftmaxLoss`.
 * @throws ArgumentError for a temperature that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example normalizedSoftmaxLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]], { temperature: 0.5 }).item() // 0.12692801654338837
 */
export const normalizedSoftmaxLoss = /* @__PURE__ */ defineClassWeightLoss<NormalizedSoftmaxLossOptions>(
  "normalizedSoftmaxLoss",
  (vectors, { temperature }) => vectors.cosines().div(temperature),
  {
    defaults: { temperature: 0.05 },
    check: ({ temperature }) => checkPositive("normalizedSoftmaxLoss", "temperature", temperature),
  },
);

/** `normalizedSoftmaxLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const NormalizedSoftmaxLoss = /* @__PURE__ */ classWeightLossClass(
  "NormalizedSoftmaxLoss",
  normalizedSoftmaxLoss,
);
