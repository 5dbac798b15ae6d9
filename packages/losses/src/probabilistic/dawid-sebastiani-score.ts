import { asTensor, formatShape, ShapeError, sameShape, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import { fittingDoubles } from "./parameters.ts";

/**
 * Dawid-Sebastiani score of a forecast of which mean and variance are known: `log v + (t - input)^2 / v`, or with a covariance S of vectors
 * `log det S + (t - input)' S^-1 (t - input)`. For normal forecasts it is twice the negative log likelihood without its constant.
 *
 * Shapes: input (the mean), target and variance alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`; with one dimension
 * more, the third is a covariance: input and target `[..., d]`, covariance `[..., d, d]`, to `[...]`. It is eliminated column by column without roots, which
 * a positive definite matrix allows; another gives NaN. Variance 0 is a certain forecast: infinity, or -infinity if it is right. Source: Dawid and
 * Sebastiani, "Coherent dispersion criteria for optimal experimental design" (1999).
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example dawidSebastianiScore([0], [2], [4]).item() // 2.386294364929199
 * @example dawidSebastianiScore([0, 0], [1, 1], [[2, 1], [1, 2]]).item() // 1.765278935432434
 */
export const dawidSebastianiScore = /* @__PURE__ */ lossFunction(
  "dawidSebastianiScore",
  (input: TensorArg, target: TensorArg, variance: TensorArg, _options: object): Tensor => {
    const [mean, spread] = [asTensor(input), asTensor(variance)];
    return spread.ndim === mean.ndim + 1
      ? ofVectors(mean, asTensor(target), spread)
      : ofNumbers(input, target, variance);
  },
);

/** `dawidSebastianiScore` with its options kept. */
export const DawidSebastianiLoss = /* @__PURE__ */ lossClass("DawidSebastianiLoss", dawidSebastianiScore);

function ofNumbers(input: TensorArg, target: TensorArg, variance: TensorArg): Tensor {
  const parts = fittingDoubles("dawidSebastianiScore", { input, target, variance });
  const square = parts.target.sub(parts.input).square();
  const certain = parts.variance.eq(0);
  const v = where(certain, 1, parts.variance);
  const right = where(square.eq(0), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return where(certain, right.to(square.dtype), v.log().add(square.div(v)));
}

function ofVectors(input: Tensor, target: Tensor, covariance: Tensor): Tensor {
  const size = input.shape.at(-1)!;
  if (!sameShape(input.shape, target.shape) || !sameShape(covariance.shape, [...input.shape, size])) {
    throw new ShapeError({
      op: "dawidSebastianiScore",
      rule: "each vector must have its covariance",
      received: `input ${formatShape(input.shape)}, target ${formatShape(target.shape)}, covariance ${formatShape(covariance.shape)}`,
      expected: `target ${formatShape(input.shape)}, covariance ${formatShape([...input.shape, size])}`,
    });
  }
  const [mean, t, s] = realDoubles(input, target, covariance);
  return eliminated(t.sub(mean), s);
}

/** `log det S + r' S^-1 r`, one pivot after the other: what is left of S and r once a coordinate is known. */
function eliminated(residual: Tensor, covariance: Tensor): Tensor {
  const size = residual.shape.at(-1)!;
  let [r, s] = [residual, covariance];
  let score: Tensor | undefined;
  for (let k = 0; k < size; k++) {
    const rest = size - k - 1;
    const row = s.narrow(-2, 0, 1);
    const pivot = row.narrow(-1, 0, 1);
    const first = r.narrow(-1, 0, 1);
    const term = first.square().div(pivot.squeeze(-2)).add(pivot.squeeze(-2).log()).squeeze(-1);
    score = score === undefined ? term : score.add(term);
    const column = s.narrow(-2, 1, rest).narrow(-1, 0, 1).div(pivot);
    s = s
      .narrow(-2, 1, rest)
      .narrow(-1, 1, rest)
      .sub(column.mul(row.narrow(-1, 1, rest)));
    r = r.narrow(-1, 1, rest).sub(column.squeeze(-1).mul(first));
  }
  return score ?? residual.sum(-1);
}
