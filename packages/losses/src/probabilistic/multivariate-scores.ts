import {
  asTensor,
  cdist,
  formatShape,
  indexSelect,
  norm,
  normalizeDim,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import { checkEnsemble, type EnsembleOptions } from "./crps-ensemble.ts";

/** The first and the second of all pairs i < j of n. */
function pairsOf(n: number): [BigInt64Array, BigInt64Array] {
  const first: bigint[] = [];
  const second: bigint[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      first.push(BigInt(i));
      second.push(BigInt(j));
    }
  }
  return [BigInt64Array.from(first), BigInt64Array.from(second)];
}

/** The differences of all pairs along a dimension. */
function differences(x: Tensor, dim: number): Tensor {
  const [first, second] = pairsOf(x.shape[dim]!);
  return indexSelect(x, dim, first).sub(indexSelect(x, dim, second));
}

/** Members first of the two last dimensions. */
function ensembleOf(op: string, input: TensorArg, target: TensorArg, dim: number, fair: boolean): [Tensor, Tensor] {
  const [x, t] = realDoubles(asTensor(input), asTensor(target));
  const d = normalizeDim(op, dim, x.ndim);
  checkEnsemble(op, x.shape, t.shape, d, fair);
  return [x.movedim(d, -2), t];
}

/**
 * Energy score of an ensemble of vectors, the CRPS of several dimensions: `mean |x_i - t| - sum |x_i - x_j| / (2 m^2)` with Euclidean norms, or
 * `2 m (m - 1)` with `fair`.
 *
 * Shapes: input `[..., m, d]`, target `[..., d]`, to a scalar, or `[...]` with `reduction: "none"`; `dim` for members elsewhere. Norms are scaled and have
 * derivative 0 at 0. It holds the m^2 distances of pairs, not their differences. Source: Gneiting and Raftery, "Strictly Proper Scoring Rules, Prediction, and Estimation" (2007).
 * @throws ShapeError unless the input is the target with a dimension of members; ArgumentError for no member, or one with `fair`.
 * @example energyScore([[[0, 0], [3, 4]]], [[0, 0]]).item() // 1.25
 */
export const energyScore = /* @__PURE__ */ lossFunction(
  "energyScore",
  (input: TensorArg, target: TensorArg, { dim = -2, fair = false }: EnsembleOptions): Tensor => {
    const [x, t] = ensembleOf("energyScore", input, target, dim, fair);
    const m = x.shape.at(-2)!;
    const errors = norm(x.sub(t.unsqueeze(-2)), -1).mean(-1);
    if (m === 1) return errors;
    const spread = cdist(x, x).sum([-2, -1]);
    return errors.sub(spread.div(2 * m * (fair ? m - 1 : m)));
  },
);

/** `energyScore` with its options kept. */
export const EnergyScoreLoss = /* @__PURE__ */ lossClass("EnergyScoreLoss", energyScore);

export interface VariogramScoreOptions {
  /** Power of the differences. Default 0.5. */
  readonly p?: number;
  /** Weights of the pairs of coordinates, `[d, d]`. Default all 1. */
  readonly weight?: TensorArg;
  /** Where the members lie. Default: the dimension before the last. */
  readonly dim?: number;
}

/**
 * Variogram score of an ensemble of vectors, which sees wrong correlations: `sum over i, j of w_ij (|t_i - t_j|^p - mean_k |x_ki - x_kj|^p)^2`.
 *
 * Shapes: input `[..., m, d]`, target `[..., d]`, to a scalar, or `[...]` with `reduction: "none"`; `dim` for members elsewhere. Equal coordinates have
 * derivative 0. Source: Scheuerer and Hamill, "Variogram-Based Proper Scoring Rules for Probabilistic Forecasts of Multivariate Quantities" (2015).
 * @throws ShapeError unless the input is the target with a dimension of members; ArgumentError for no member, or p of 0 or below.
 * @example variogramScore([[[0, 4], [0, 16]]], [[0, 1]]).item() // 8
 */
export const variogramScore = /* @__PURE__ */ lossFunction(
  "variogramScore",
  (input: TensorArg, target: TensorArg, { p = 0.5, weight, dim = -2 }: VariogramScoreOptions): Tensor => {
    checkAllPositive("variogramScore", { p });
    const [x, t] = ensembleOf("variogramScore", input, target, dim, false);
    const observed = absPower(differences(t, t.ndim - 1), p);
    const squares = observed.sub(absPower(differences(x, x.ndim - 1), p).mean(-2)).square();
    if (weight === undefined) return squares.sum(-1).mul(2);
    return squares.mul(pairWeights(realDoubles(asTensor(weight))[0], t.shape.at(-1)!)).sum(-1);
  },
);

/** `variogramScore` with its options kept. */
export const VariogramScoreLoss = /* @__PURE__ */ lossClass("VariogramScoreLoss", variogramScore);

/** `w_ij + w_ji` of all pairs. */
function pairWeights(weight: Tensor, count: number): Tensor {
  if (!sameShape(weight.shape, [count, count])) {
    throw new ShapeError({
      op: "variogramScore",
      rule: "there must be one weight for each pair of coordinates",
      received: formatShape(weight.shape),
      expected: formatShape([count, count]),
    });
  }
  const [first, second] = pairsOf(count);
  const flat = weight.reshape([count * count]);
  const at = (rows: BigInt64Array, columns: BigInt64Array) =>
    indexSelect(
      flat,
      0,
      rows.map((row, k) => row * BigInt(count) + columns[k]!),
    );
  return at(first, second).add(at(second, first));
}
