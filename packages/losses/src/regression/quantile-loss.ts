import {
  ArgumentError,
  asTensor,
  formatShape,
  pad,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  tensor,
} from "@tenon/numerics";
import { checkLevels } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

export interface PinballLossOptions {
  /** Which quantile the input estimates: between 0 and 1. Default 0.5, half the absolute error. */
  readonly quantile: number;
}

// The derivative of relu at 0 is 0: a prediction that is met has none.
function pinball(input: Tensor, target: Tensor, quantile: TensorArg, opposite: TensorArg): Tensor {
  const e = target.sub(input);
  return e.relu().mul(quantile).add(e.neg().relu().mul(opposite));
}

/**
 * Pinball loss, least at a quantile of the target: `max(q e, (q - 1) e)`, e = target - input.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. The derivative at e = 0 is 0.
 * Several quantiles at once: `quantileLoss`. Source: Koenker and Bassett, "Regression Quantiles" (1978).
 * @throws ArgumentError unless quantile lies between 0 and 1; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example pinballLoss([0, 0], [1, -1], { quantile: 0.75, reduction: "none" }).toArray() // [0.75, 0.25]
 */
export const pinballLoss = /* @__PURE__ */ defineLoss<PinballLossOptions>(
  "pinballLoss",
  (input, target, { quantile }) => pinball(input, target, quantile, 1 - quantile),
  {
    defaults: { quantile: 0.5 },
    check: (_input, _target, { quantile }) => checkLevels("pinballLoss", "quantile", [quantile]),
  },
);

/** `pinballLoss` with its options kept. */
export const PinballLoss = /* @__PURE__ */ lossClass("PinballLoss", pinballLoss);

export interface QuantileLossOptions {
  /** The quantiles in the input's last dimension, each between 0 and 1. Default 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98. */
  readonly quantiles?: readonly number[];
  /** Adds so much of `max(0, estimate of a lower quantile - estimate of the next higher)` to the loss of the higher. Default 0. */
  readonly crossing?: number;
}

const QUANTILES: readonly number[] = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98];

/**
 * Pinball losses of several quantiles of one target: `max(q e, (q - 1) e)`, e = target - input, for each of them.
 *
 * Shapes: input `[..., Q]`, target `[...]`, to a scalar (the mean over all quantiles), or `[..., Q]` with `reduction: "none"`. `crossing` needs the quantiles
 * in ascending order. Defaults: those of pytorch-forecasting. Source: Koenker and Bassett, "Regression Quantiles" (1978).
 * @throws ShapeError unless there is one input for each quantile of each target; ArgumentError for quantiles outside 0 to 1, or not ascending with `crossing`.
 * @example quantileLoss([[-1, 0, 1]], [0.5], { quantiles: [0.1, 0.5, 0.9], reduction: "none" }).toArray() // [[0.15000000596046448, 0.25, 0.05000000074505806]]
 */
export const quantileLoss = /* @__PURE__ */ lossFunction(
  "quantileLoss",
  (input: TensorArg, target: TensorArg, { quantiles = QUANTILES, crossing = 0 }: QuantileLossOptions): Tensor => {
    const [x, t] = realDoubles(asTensor(input), asTensor(target));
    checkQuantiles(x, t, quantiles, crossing);
    const q = tensor([...quantiles], { dtype: x.dtype });
    const opposite = tensor(
      quantiles.map((level) => 1 - level),
      { dtype: x.dtype },
    );
    const losses = pinball(x, t.unsqueeze(-1), q, opposite);
    return crossing === 0 ? losses : losses.add(crossings(x).mul(crossing));
  },
);

/** `quantileLoss` with its options kept. */
export const QuantileLoss = /* @__PURE__ */ lossClass("QuantileLoss", quantileLoss);

// By how far each estimate lies below the one before it; 0 for the first.
function crossings(x: Tensor): Tensor {
  const count = x.shape.at(-1)!;
  const drops = x
    .narrow(-1, 0, count - 1)
    .sub(x.narrow(-1, 1, count - 1))
    .relu();
  return pad(drops, [1, 0]);
}

function checkQuantiles(x: Tensor, t: Tensor, quantiles: readonly number[], crossing: number): void {
  checkLevels("quantileLoss", "quantiles", quantiles);
  if (crossing !== 0) checkAscending(quantiles);
  if (sameShape(x.shape, [...t.shape, quantiles.length])) return;
  throw new ShapeError({
    op: "quantileLoss",
    rule: "there must be one input for each quantile of each target",
    received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}, ${quantiles.length} quantiles`,
    expected: `input ${formatShape([...t.shape, quantiles.length])}`,
  });
}

function checkAscending(quantiles: readonly number[]): void {
  if (quantiles.every((q, i) => i === 0 || q > quantiles[i - 1]!)) return;
  throw new ArgumentError({
    op: "quantileLoss",
    rule: "crossing needs ascending quantiles",
    received: `[${quantiles.join(", ")}]`,
  });
}
