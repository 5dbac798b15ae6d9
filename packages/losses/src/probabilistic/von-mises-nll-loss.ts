import { sin, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { logBesselI0e } from "./log-bessel.ts";
import { fittingDoubles } from "./parameters.ts";

const LOG_TAU = Math.log(2 * Math.PI);

/**
 * Negative log likelihood of angles under a von Mises distribution, the normal distribution of the circle: `-kappa cos(t - input) + log I0(kappa) + log(2 pi)`.
 *
 * Shapes: input (the mean angle), target and concentration kappa (0 or more) alike (or stretched to the greatest), in radians, to a scalar, or that shape with
 * `reduction: "none"`. Computed as `2 kappa sin^2((t - input) / 2) + (log I0(kappa) - kappa)`, with the scaled Bessel function exact for every kappa, so that
 * large ones neither overflow nor cancel. Second derivatives are there, third ones are not.
 * Source: Mardia and Jupp, "Directional Statistics" (2000).
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example vonMisesNllLoss([0], [Math.PI], [0]).item() // 1.8378770351409912
 */
export const vonMisesNllLoss = /* @__PURE__ */ lossFunction(
  "vonMisesNllLoss",
  (input: TensorArg, target: TensorArg, concentration: TensorArg, _options: object): Tensor => {
    const own = fittingDoubles("vonMisesNllLoss", { input, target, concentration });
    const half = sin(own.target.sub(own.input).mul(0.5));
    const apart = half.square().mul(2).mul(own.concentration);
    return apart.add(logBesselI0e(own.concentration)).add(LOG_TAU);
  },
);

/** `vonMisesNllLoss` with its options kept. */
export const VonMisesNLLLoss = /* @__PURE__ */ lossClass("VonMisesNLLLoss", vonMisesNllLoss);
