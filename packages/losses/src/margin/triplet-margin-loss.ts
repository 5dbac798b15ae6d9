import { ArgumentError, clamp, minimum, pairwiseDistance, type Tensor, type TensorArg } from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { checkTogether } from "./check-together.ts";

export interface TripletOptions extends ReductionOptions {
  /** By how much the negative must be farther than the positive. Default 1. */
  readonly margin?: number;
  /** Whether the negative's distance from the positive counts where it is smaller than that from the anchor. Default false. */
  readonly swap?: boolean;
  /** Allows shapes that stretch each other, as [N, 1, D] and [N, D] do to [N, N, D]. Default false. */
  readonly broadcast?: boolean;
}

export interface TripletMarginLossOptions extends TripletOptions {
  /** Order of the distance, 1 or more. Default 2. */
  readonly p?: number;
  /** Added to every difference, as PyTorch does. Default 1e-6; 0 gives the distance itself, symmetric and 0 between equal vectors. */
  readonly eps?: number;
}

/** A distance between rows that go together: `[..., D]` and `[..., D]` to `[...]`. */
export type DistanceFunction = (x: Tensor, y: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions extends TripletOptions {
  /** Default `pairwiseDistance`, with its eps. It is called with float64 tensors. */
  readonly distanceFunction?: DistanceFunction;
}

type Triplet = readonly [anchor: Tensor, positive: Tensor, negative: Tensor];

function triplets(op: string, args: readonly TensorArg[], broadcast = false): Triplet {
  const [anchor, positive, negative] = doubles(...args) as unknown as Triplet;
  checkTogether(op, { anchor, positive, negative }, broadcast);
  return [anchor, positive, negative];
}

function hinge([anchor, positive, negative]: Triplet, distance: DistanceFunction, options: TripletOptions): Tensor {
  const { margin = 1, swap = false } = options;
  const toNegative = distance(anchor, negative);
  const far = swap ? minimum(toNegative, distance(positive, negative)) : toNegative;
  return clamp(distance(anchor, positive).sub(far).add(margin), { min: 0 });
}

/**
 * Loss of triplets in which the negative should be farther from the anchor than the positive: `loss = max(0, d(anchor, positive) - d(anchor, negative) +
 * margin)`, with `d(x, y) = |x - y + eps|_p` along the last dimension. With `swap` the smaller of d(anchor, negative) and d(positive, negative) counts.
 *
 * Shapes: all `[D]` or `[..., D]` alike; to a scalar, or `[...]` with `reduction: "none"`. Exactly at the margin the slope is that of the violated side.
 * Distances of any order stay in range, and the gradient between equal vectors is 0 (with `eps: 0`).
 * Source: Balntas et al., "Learning local feature descriptors with triplets and shallow convolutional neural networks" (BMVC 2016).
 * @throws ArgumentError for p below 1, which is no distance; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from PyTorch: those refusals (it gives NaN for p below 1); powers do not overflow.
 * @example tripletMarginLoss([[0, 0]], [[3, 4]], [[6, 8]], { margin: 7, eps: 0 }).item() // 2
 */
export const tripletMarginLoss = /* @__PURE__ */ lossFunction(
  "tripletMarginLoss",
  (anchor: TensorArg, positive: TensorArg, negative: TensorArg, options: TripletMarginLossOptions) => {
    const { p = 2, eps = 1e-6, broadcast } = options;
    if (!(p >= 1)) {
      throw new ArgumentError({ op: "tripletMarginLoss", rule: "p must be 1 or more", received: String(p) });
    }
    const triplet = triplets("tripletMarginLoss", [anchor, positive, negative], broadcast);
    return hinge(triplet, (x, y) => pairwiseDistance(x, y, { p, eps }), options);
  },
);

/** `tripletMarginLoss` with its options kept. */
export const TripletMarginLoss = /* @__PURE__ */ lossClass("TripletMarginLoss", tripletMarginLoss);

/**
 * `tripletMarginLoss` with any distance: `loss = max(0, d(anchor, positive) - d(anchor, negative) + margin)`.
 *
 * Shapes, `swap` and slopes as there; `distanceFunction` maps two tensors to their distances, row by row.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example
 * const cityBlock = (x: Tensor, y: Tensor) => x.sub(y).abs().sum(-1);
 * tripletMarginWithDistanceLoss([[0, 0]], [[3, 4]], [[6, 8]], { distanceFunction: cityBlock, margin: 10 }).item() // 3
 */
export const tripletMarginWithDistanceLoss = /* @__PURE__ */ lossFunction(
  "tripletMarginWithDistanceLoss",
  (anchor: TensorArg, positive: TensorArg, negative: TensorArg, options: TripletMarginWithDistanceLossOptions) => {
    const { distanceFunction = pairwiseDistance, broadcast } = options;
    const triplet = triplets("tripletMarginWithDistanceLoss", [anchor, positive, negative], broadcast);
    return hinge(triplet, (x, y) => distanceFunction(x, y), options);
  },
);

/** `tripletMarginWithDistanceLoss` with its options kept. */
export const TripletMarginWithDistanceLoss = /* @__PURE__ */ lossClass(
  "TripletMarginWithDistanceLoss",
  tripletMarginWithDistanceLoss,
);
