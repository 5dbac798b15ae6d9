import {
  ArgumentError,
  asIndexTensor,
  formatShape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { type PointSets, pointSets } from "./point-sets.ts";
import { softDtw } from "./soft-dtw.ts";
import { squaredDistances } from "./squared-distances.ts";

export interface SoftDtwOptions {
  /** How much alignments beside the cheapest count; 0 is dynamic time warping itself. Default 1. */
  readonly gamma?: number;
  /** Steps i and j of the two series may meet only if `|i - j|` is at most this (Sakoe and Chiba). Default any. */
  readonly bandwidth?: number;
  /** How many steps of each input count, in the shape of the batch; the rest is padding. Default all. */
  readonly inputLengths?: TensorArg;
  /** The same of each target. */
  readonly targetLengths?: TensorArg;
  /** The cost of every step of x `[N, T, D]` with every step of y `[N, S, D]`, `[N, T, S]`, in float64. Default the squared Euclidean distance. */
  readonly distance?: (x: Tensor, y: Tensor) => Tensor;
}

/**
 * Soft dynamic time warping: how far apart two series are when either may be slowed down. The soft minimum over all monotone alignments of what they cost:
 *
 *     loss = -gamma log(sum over alignments A of e^(-<A, D> / gamma)),    D_ij = |x_i - y_j|^2
 *
 * Shapes: input `[T, D]` or `[..., T, D]`, target `[S, D]` or `[..., S, D]`; to a scalar, or `[]`, `[...]` with `reduction: "none"`. Lengths, where padded, count from the
 * start. It may be negative, and is not least for equal series: `softDtwDivergence` is. Where the band leaves no alignment it is infinite, with gradient 0.
 *
 * Both recursions run in float64 on differences to the least of three, so that no gamma overflows. Second derivatives are exact; third ones are not there.
 * Source: Cuturi and Blondel, "Soft-DTW: a Differentiable Loss Function for Time-Series" (2017), arXiv 1703.01541.
 * @throws ShapeError unless both are series of vectors of one size; ArgumentError for a gamma or bandwidth below 0, or lengths out of range.
 * @example softDtwLoss([[0], [1], [2]], [[0], [2]], { gamma: 0 }).item() // 1
 */
export const softDtwLoss = /* @__PURE__ */ lossFunction(
  "softDtwLoss",
  (input: TensorArg, target: TensorArg, options: SoftDtwOptions): Tensor => {
    const { x, y, lengths, unbatch } = seriesOf("softDtwLoss", input, target, options);
    return unbatch(costOf(x, y, lengths, options));
  },
);

/** `softDtwLoss` with its options kept. */
export const SoftDTWLoss = /* @__PURE__ */ lossClass("SoftDTWLoss", softDtwLoss);

/**
 * Soft-DTW divergence: `softDtw(x, y) - (softDtw(x, x) + softDtw(y, y)) / 2`, which is 0 for equal series and, with the default distance, least there.
 *
 * Shapes and options as `softDtwLoss`. Source: Blondel, Mensch and Vert, "Differentiable Divergences Between Time Series" (2021), arXiv 2010.08354.
 * @throws as `softDtwLoss`.
 * @example softDtwDivergence([[0], [1], [2]], [[0], [1], [2]]).item() // 0
 */
export const softDtwDivergence = /* @__PURE__ */ lossFunction(
  "softDtwDivergence",
  (input: TensorArg, target: TensorArg, options: SoftDtwOptions): Tensor => {
    const { x, y, lengths, unbatch } = seriesOf("softDtwDivergence", input, target, options);
    const own = (z: Tensor, side: 0 | 1) => {
      const twice = lengths.map((pair) => [pair[side], pair[side]] as const);
      return costOf(z, z, twice, options).mul(0.5);
    };
    return unbatch(costOf(x, y, lengths, options).sub(own(x, 0)).sub(own(y, 1)));
  },
);

/** `softDtwDivergence` with its options kept. */
export const SoftDTWDivergenceLoss = /* @__PURE__ */ lossClass("SoftDTWDivergenceLoss", softDtwDivergence);

type Lengths = readonly (readonly [number, number])[];

function costOf(x: Tensor, y: Tensor, lengths: Lengths, options: SoftDtwOptions): Tensor {
  const { gamma = 1, bandwidth = Number.POSITIVE_INFINITY, distance = squaredDistances } = options;
  return softDtw(distance(x, y), { gamma, bandwidth, lengths });
}

function seriesOf(
  op: string,
  input: TensorArg,
  target: TensorArg,
  options: SoftDtwOptions,
): PointSets & { readonly lengths: Lengths } {
  const { gamma = 1, bandwidth = 0 } = options;
  checkOption(op, "gamma", String(gamma), "0 or more", gamma >= 0 && gamma < Number.POSITIVE_INFINITY);
  checkOption(op, "bandwidth", String(bandwidth), "0 or more", bandwidth >= 0);
  const sets = pointSets(op, input, target, "step");
  const { x, y, unbatch } = sets;
  const batch = unbatch(x.detach().select(2, 0).select(1, 0)).shape;
  const rows = lengthsOf(op, "inputLengths", options.inputLengths, batch, x.shape[1]!);
  const columns = lengthsOf(op, "targetLengths", options.targetLengths, batch, y.shape[1]!);
  return { ...sets, lengths: Array.from({ length: x.shape[0]! }, (_, n) => [rows(n), columns(n)] as const) };
}

function lengthsOf(
  op: string,
  name: string,
  given: TensorArg | undefined,
  batch: readonly number[],
  longest: number,
): (sample: number) => number {
  if (given === undefined) return () => longest;
  const lengths = asIndexTensor(given);
  if (!sameShape(lengths.shape, batch)) {
    throw new ShapeError({
      op,
      rule: `${name} must be one for each series`,
      received: formatShape(lengths.shape),
      expected: formatShape(batch),
    });
  }
  const values = Array.from(lengths.contiguous().data() as ArrayLike<number | bigint>, Number);
  const bad = values.findIndex((n) => !(n >= 1 && n <= longest));
  if (bad < 0) return (sample) => values[sample]!;
  throw new ArgumentError({
    op,
    rule: `${name} must lie within the series`,
    received: `${values[bad]} at position ${bad}`,
    expected: `1 to ${longest}`,
  });
}
