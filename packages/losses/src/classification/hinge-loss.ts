import { relu, type Tensor } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface HingeLossOptions {
  /** How far on the right side a score must lie to cost nothing. Default 1. */
  readonly margin: number;
}

function shortfall(input: Tensor, target: Tensor, margin: number): Tensor {
  return relu(input.mul(target).neg().add(margin));
}

/**
 * Hinge loss of scores against targets of 1 or -1: `loss = max(0, margin - target * input)`.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. At the corner the derivative is 0.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); with `checkTarget`, ArgumentError for targets that are neither 1 nor -1.
 * Differs from Keras: targets of 0 are not taken for -1.
 * @example hingeLoss([0.5, -2], [1, 1], { reduction: "none" }).toArray() // [0.5, 3]
 */
export const hingeLoss = /* @__PURE__ */ defineLoss<HingeLossOptions>(
  "hingeLoss",
  (input, target, { margin }) => shortfall(input, target, margin),
  { defaults: { margin: 1 }, targets: "sign" },
);

/** `hingeLoss` with its options kept. */
export const HingeLoss = /* @__PURE__ */ lossClass("HingeLoss", hingeLoss);

/**
 * Squared hinge loss of scores against targets of 1 or -1: `loss = max(0, margin - target * input)^2`. Shapes and errors as `hingeLoss`.
 * @example squaredHingeLoss([0.5, -2], [1, 1], { reduction: "none" }).toArray() // [0.25, 9]
 */
export const squaredHingeLoss = /* @__PURE__ */ defineLoss<HingeLossOptions>(
  "squaredHingeLoss",
  (input, target, { margin }) => shortfall(input, target, margin).square(),
  { defaults: { margin: 1 }, targets: "sign" },
);

/** `squaredHingeLoss` with its options kept. */
export const SquaredHingeLoss = /* @__PURE__ */ lossClass("SquaredHingeLoss", squaredHingeLoss);

export interface SmoothedHingeLossOptions extends HingeLossOptions {
  /** Length of the parabola that replaces the corner, above 0. Default 1. */
  readonly smoothing: number;
}

/**
 * Hinge loss whose corner is a parabola: with `m = max(0, margin - target * input)`, `loss = m^2 / (2 smoothing)` for m up to `smoothing`, then
 * `m - smoothing / 2`.
 *
 * Shapes and errors as `hingeLoss`. The default is Rennie and Srebro's smooth hinge; 4 times the loss with smoothing 2 is the modified Huber loss of scikit-learn.
 * Source: Rennie and Srebro, "Loss Functions for Preference Levels" (2005).
 * @throws ArgumentError unless smoothing is above 0.
 * @example smoothedHingeLoss([0.5, -2], [1, 1], { reduction: "none" }).toArray() // [0.125, 2.5]
 */
export const smoothedHingeLoss = /* @__PURE__ */ defineLoss<SmoothedHingeLossOptions>(
  "smoothedHingeLoss",
  (input, target, { margin, smoothing }) => {
    const m = shortfall(input, target, margin);
    const curved = m.clamp({ max: smoothing });
    return curved
      .square()
      .div(2 * smoothing)
      .add(m.sub(curved));
  },
  {
    defaults: { margin: 1, smoothing: 1 },
    targets: "sign",
    check: (_input, _target, { smoothing }) =>
      checkOption("smoothedHingeLoss", "smoothing", smoothing, "above 0", smoothing > 0),
  },
);

/** `smoothedHingeLoss` with its options kept. */
export const SmoothedHingeLoss = /* @__PURE__ */ lossClass("SmoothedHingeLoss", smoothedHingeLoss);

/**
 * Perceptron loss of scores against targets of 1 or -1: `loss = max(0, -target * input)`, the hinge loss without a margin. Shapes and errors as `hingeLoss`.
 * Source: Rosenblatt, "The perceptron" (1958).
 * @example perceptronLoss([0.5, -2], [1, 1], { reduction: "none" }).toArray() // [0, 2]
 */
export const perceptronLoss = /* @__PURE__ */ defineLoss(
  "perceptronLoss",
  (input, target) => shortfall(input, target, 0),
  { targets: "sign" },
);

/** `perceptronLoss` with its options kept. */
export const PerceptronLoss = /* @__PURE__ */ lossClass("PerceptronLoss", perceptronLoss);
