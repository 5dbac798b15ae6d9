import { type Tensor, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { log1pSquare } from "./log1p-square.ts";
import { welsch } from "./welsch.ts";

export interface RobustLossOptions {
  /** Errors well below it are squared, errors well above it weigh less and less. Default 1. */
  readonly scale: number;
}

/** A loss by its value at `z = (input - target) / scale`. */
function robustLoss(name: string, formula: (z: Tensor) => Tensor) {
  return defineLoss<RobustLossOptions>(name, (input, target, { scale }) => formula(input.sub(target).div(scale)), {
    defaults: { scale: 1 },
    check: (_input, _target, { scale }) => checkAllPositive(name, { scale }),
  });
}

/**
 * Cauchy loss, also called Lorentzian: `log(1 + z^2 / 2)`, z = (input - target) / scale. It grows with the logarithm of the error.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. Infinite errors have an infinite
 * loss and derivative 0; z^2 does not overflow. It is `barronLoss` with alpha 0.
 * Source: Black and Anandan, "The robust estimation of multiple motions" (1996); defaults as kornia's.
 * @throws ArgumentError unless scale is above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example cauchyLoss([2, 0], [0, 0], { reduction: "none" }).toArray() // [1.0986123085021973, 0]
 */
export const cauchyLoss = /* @__PURE__ */ robustLoss("cauchyLoss", (z) => log1pSquare(z.mul(Math.SQRT1_2)));

/** `cauchyLoss` with its options kept. */
export const CauchyLoss = /* @__PURE__ */ lossClass("CauchyLoss", cauchyLoss);

/**
 * Geman-McClure loss: `2 z^2 / (z^2 + 4)`, z = (input - target) / scale. It levels off at 2: outliers have no pull.
 *
 * Shapes as `cauchyLoss`. Large z go through 2 / z, so that infinite errors have loss 2 and derivative 0. It is `barronLoss` with alpha -2.
 * Source: Geman and McClure, "Bayesian image analysis" (1985); factors as kornia's.
 * @throws ArgumentError unless scale is above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example gemanMcClureLoss([2, 0], [0, 0], { reduction: "none" }).toArray() // [1, 0]
 */
export const gemanMcClureLoss = /* @__PURE__ */ robustLoss("gemanMcClureLoss", (z) => {
  const far = z.abs().gt(2);
  const square = where(far, 0, z).square();
  const inverse = where(far, z, 1).pow(-1).mul(2).square();
  return where(far, inverse.add(1).pow(-1), square.div(square.add(4))).mul(2);
});

/** `gemanMcClureLoss` with its options kept. */
export const GemanMcClureLoss = /* @__PURE__ */ lossClass("GemanMcClureLoss", gemanMcClureLoss);

/**
 * Welsch loss, also called Leclerc: `1 - e^(-z^2 / 2)`, z = (input - target) / scale. It levels off at 1, faster than `gemanMcClureLoss`.
 *
 * Shapes as `cauchyLoss`. Small errors keep their digits (`expm1`), infinite ones have loss 1 and derivative 0. It is `barronLoss` with alpha -Infinity.
 * Source: Dennis and Welsch, "Techniques for nonlinear least squares and robust regression" (1978); factors as kornia's.
 * @throws ArgumentError unless scale is above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example welschLoss([2, 0], [0, 0], { reduction: "none" }).toArray() // [0.8646647334098816, 0]
 */
export const welschLoss = /* @__PURE__ */ robustLoss("welschLoss", welsch);

/** `welschLoss` with its options kept. */
export const WelschLoss = /* @__PURE__ */ lossClass("WelschLoss", welschLoss);
