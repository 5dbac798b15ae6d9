import {
  ArgumentError,
  arange,
  asTensor,
  formatShape,
  normalizeDim,
  type Shape,
  ShapeError,
  sameShape,
  sign,
  sort,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

export interface EnsembleOptions {
  /** Where the members lie. Default: the last dimension (of vectors, the one before it). */
  readonly dim?: number;
  /** Divides pairs by m (m - 1), not m^2: unbiased, and fair to small ensembles. Default false. */
  readonly fair?: boolean;
}

/** @throws ShapeError unless the input is the target with a dimension of members; ArgumentError for too few of them. */
export function checkEnsemble(op: string, input: Shape, target: Shape, dim: number, fair: boolean): void {
  const one = input.filter((_, i) => i !== dim);
  if (!sameShape(one, target)) {
    throw new ShapeError({
      op,
      rule: "the input must be the target with a dimension of members",
      received: `input ${formatShape(input)}, target ${formatShape(target)}, members in dimension ${dim}`,
      expected: `target ${formatShape(one)}`,
    });
  }
  const least = fair ? 2 : 1;
  if (input[dim]! >= least) return;
  throw new ArgumentError({
    op,
    rule: "there are too few members",
    received: `${input[dim]}`,
    expected: `at least ${least}`,
  });
}

/**
 * Continuous ranked probability score of an ensemble: `mean |x_i - t| - sum |x_i - x_j| / (2 m^2)` over its m members, or `2 m (m - 1)` with `fair`.
 *
 * Shapes: input `[..., m]`, target `[...]`, to a scalar, or `[...]` with `reduction: "none"`; `dim` for members elsewhere. Sorting takes the place of the
 * pairs: O(m log m), and every member has one coefficient, so that nothing cancels. One member has its absolute error. Source: Gneiting and Raftery,
 * "Strictly Proper Scoring Rules, Prediction, and Estimation" (2007); fair: Ferro, "Fair scores for ensemble forecasts" (2014).
 * @throws ShapeError unless the input is the target with a dimension of members; ArgumentError for no member, or one with `fair`.
 * @example crpsEnsemble([[0, 1, 4]], [2]).item() // 0.7777777910232544
 */
export const crpsEnsemble = /* @__PURE__ */ lossFunction(
  "crpsEnsemble",
  (input: TensorArg, target: TensorArg, { dim = -1, fair = false }: EnsembleOptions): Tensor => {
    const [x, t] = realDoubles(asTensor(input), asTensor(target));
    const d = normalizeDim("crpsEnsemble", dim, x.ndim);
    checkEnsemble("crpsEnsemble", x.shape, t.shape, d, fair);
    const m = x.shape[d]!;
    const { values } = sort(x.sub(t.unsqueeze(d)).movedim(d, -1), -1);
    const others = fair ? m - 1 : m;
    // The i-th of the sorted members is above i others and below m - 1 - i.
    const ranks = arange(m)
      .to(x.dtype)
      .mul(2)
      .sub(m - 1);
    const coefficients = sign(values.detach()).mul(others).sub(ranks);
    const none = coefficients.eq(0);
    return where(none, 0, where(none, 0, values).mul(coefficients))
      .sum(-1)
      .div(m * others);
  },
);

/** `crpsEnsemble` with its options kept. */
export const CRPSEnsembleLoss = /* @__PURE__ */ lossClass("CRPSEnsembleLoss", crpsEnsemble);
