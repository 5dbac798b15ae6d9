import {
  formatShape,
  huberError,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  tensor,
  where,
} from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

const OP = "quantileHuberLoss";

export interface QuantileHuberLossOptions {
  /** Up to where errors are squared. Default 1. */
  readonly kappa?: number;
  /** The levels of the input's quantiles, `[Q]` or `[..., Q]`, as implicit quantile networks draw them. Default the middles `(i + 1/2) / Q`. */
  readonly levels?: TensorArg;
  /** Adds the quantiles' losses, as the paper does, or averages them. Default "sum". */
  readonly quantiles?: "sum" | "mean";
}

/**
 * Quantile Huber loss of distributional reinforcement learning (QR-DQN): every sample of the target's return with every quantile of the input's.
 *
 *     loss = sum over i of mean over j of |level_i - [u_ij < 0]| Huber_kappa(u_ij) / kappa,    u_ij = t_j - input_i
 *
 * Shapes: input `[..., Q]`, target `[..., M]`, to a scalar, or `[...]` with `reduction: "none"`. Huber is `u^2 / 2` up to kappa and `kappa (|u| - kappa / 2)` beyond. No gradient
 * flows to the levels.
 * Source: Dabney et al., "Distributional Reinforcement Learning with Quantile Regression" (2018), arXiv 1710.10044; levels: Dabney et al., "Implicit Quantile Networks for
 * Distributional Reinforcement Learning" (2018), arXiv 1806.06923.
 * @throws ArgumentError unless kappa is above 0; ShapeError unless the batches have one shape, with a quantile and a sample each.
 * @example quantileHuberLoss([[0, 1]], [[2]]).item() // 0.75
 */
export const quantileHuberLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: QuantileHuberLossOptions): Tensor => {
    const { kappa = 1, quantiles = "sum" } = options;
    checkAllPositive(OP, { kappa });
    const [x, t] = realDoubles(input, target);
    checkShapes(x, t);
    const level = levelsOf(x, options.levels).unsqueeze(-1);
    const [own, samples] = [x.unsqueeze(-1), t.unsqueeze(-2)]; // [..., Q, 1], [..., 1, M]
    const error = samples.detach().sub(own.detach());
    const slope = where(error.lt(0), level.neg().add(1), level);
    const losses = huberError(own, samples, { delta: kappa, reduction: "none" }).mul(slope).mean(-1);
    return (quantiles === "sum" ? losses.sum(-1) : losses.mean(-1)).div(kappa);
  },
);

/** `quantileHuberLoss` with its options kept. */
export const QuantileHuberLoss = /* @__PURE__ */ lossClass("QuantileHuberLoss", quantileHuberLoss);

function levelsOf(x: Tensor, levels: TensorArg | undefined): Tensor {
  const count = x.shape.at(-1)!;
  if (levels === undefined) {
    return tensor(
      Array.from({ length: count }, (_, i) => (i + 0.5) / count),
      { dtype: x.dtype },
    );
  }
  const given = doubles(levels)[0].detach();
  if (sameShape(given.shape, [count]) || sameShape(given.shape, x.shape)) return given;
  throw new ShapeError({
    op: OP,
    rule: "there must be one level for each quantile",
    received: `levels ${formatShape(given.shape)} for input ${formatShape(x.shape)}`,
    expected: `[${count}] or ${formatShape(x.shape)}`,
  });
}

function checkShapes(x: Tensor, t: Tensor): void {
  const filled = x.ndim > 0 && t.ndim > 0 && x.shape.at(-1)! > 0 && t.shape.at(-1)! > 0;
  if (filled && sameShape(x.shape.slice(0, -1), t.shape.slice(0, -1))) return;
  throw new ShapeError({
    op: OP,
    rule: "input and target must be quantiles and samples in batches of one shape",
    received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
    expected: "[..., Q] and [..., M]",
  });
}
