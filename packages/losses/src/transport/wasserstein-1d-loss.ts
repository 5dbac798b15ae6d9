import {
  formatShape,
  indexSelect,
  ShapeError,
  sameShape,
  sort,
  type Tensor,
  type TensorArg,
  tensor,
} from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

const OP = "wasserstein1dLoss";

export interface Wasserstein1dLossOptions {
  /** Power of the distances, 1 or more. Default 1. */
  readonly p?: number;
}

/**
 * Wasserstein distance of two samples of numbers, to the power p: what it costs to move one onto the other, which is to move both in their order.
 *
 *     loss = integral over q from 0 to 1 of |X(q) - Y(q)|^p,    X, Y: the samples' quantile functions
 *
 * Shapes: input `[..., n]`, target `[..., m]`, n and m of any size; to a scalar, or `[...]` with `reduction: "none"`. For n = m it is the mean of `|x_(i) - y_(i)|^p` of the sorted
 * samples; for others the steps of both functions are laid over one another. Ties move in the order they came in; equal numbers have gradient 0.
 * Source: Villani, "Topics in Optimal Transportation" (2003), section 2.2.
 * @throws ShapeError unless both are samples in batches of one shape; ArgumentError for p below 1.
 * @example wasserstein1dLoss([3, 1], [0, 4]).item() // 1
 */
export const wasserstein1dLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, { p = 1 }: Wasserstein1dLossOptions): Tensor => {
    checkOption(OP, "p", String(p), "1 or more", p >= 1 && p < Number.POSITIVE_INFINITY);
    const [x, y] = realDoubles(input, target);
    const [n, m] = [x.shape.at(-1) ?? 0, y.shape.at(-1) ?? 0];
    if (n === 0 || m === 0 || !sameShape(x.shape.slice(0, -1), y.shape.slice(0, -1))) {
      throw new ShapeError({
        op: OP,
        rule: "input and target must be samples in batches of one shape",
        received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
        expected: "[..., n] and [..., m]",
      });
    }
    const [a, b] = [sort(x).values, sort(y).values];
    if (n === m) return absPower(a.sub(b), p).mean(-1);
    const { first, second, width } = overlaid(n, m);
    const distances = absPower(indexSelect(a, -1, first).sub(indexSelect(b, -1, second)), p);
    return distances.mul(tensor(width, { dtype: a.dtype })).sum(-1);
  },
);

/** `wasserstein1dLoss` with its options kept. */
export const Wasserstein1dLoss = /* @__PURE__ */ lossClass("Wasserstein1dLoss", wasserstein1dLoss);

/** The pieces on which both quantile functions are constant: which sample each has there, and how wide it is. */
function overlaid(n: number, m: number): { first: BigInt64Array; second: BigInt64Array; width: Float64Array } {
  const pieces: [number, number, number][] = [];
  // In steps of 1 / (n m), which are whole numbers.
  for (let i = 0, j = 0, at = 0; i < n && j < m; ) {
    const [endI, endJ] = [(i + 1) * m, (j + 1) * n];
    const end = Math.min(endI, endJ);
    pieces.push([i, j, (end - at) / (n * m)]);
    at = end;
    if (end === endI) i++;
    if (end === endJ) j++;
  }
  return {
    first: BigInt64Array.from(pieces, ([i]) => BigInt(i)),
    second: BigInt64Array.from(pieces, ([, j]) => BigInt(j)),
    width: Float64Array.from(pieces, ([, , w]) => w),
  };
}
