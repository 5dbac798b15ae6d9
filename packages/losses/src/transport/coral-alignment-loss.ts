import { formatShape, matmul, ShapeError, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import { centreColumns } from "../self-supervised/covariance.ts";

const OP = "coralAlignmentLoss";

/**
 * Deep CORAL, which aligns the covariances of features from two domains: `loss = |C_x - C_y|_F^2 / (4 D^2)`, C the covariance over the batch (divided by n - 1).
 *
 * Shapes: input `[n, D]` (source), target `[m, D]`, two rows or more each; to a scalar. The covariance is that of the centred features, not the difference of two products.
 * Source: Sun and Saenko, "Deep CORAL: Correlation Alignment for Deep Domain Adaptation" (2016), arXiv 1607.01719. Rank-consistent ordinal regression, which has
 * the same name, is `coralLoss`.
 * @throws ShapeError unless both are `[rows, D]` with two rows or more.
 * @example coralAlignmentLoss([[0, 0], [2, 2]], [[0, 0], [2, -2]]).item() // 2
 */
export const coralAlignmentLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, _options: object): Tensor => {
    const [x, y] = realDoubles(input, target);
    if (x.ndim !== 2 || y.ndim !== 2 || x.shape[1] !== y.shape[1] || x.shape[0]! < 2 || y.shape[0]! < 2) {
      throw new ShapeError({
        op: OP,
        rule: "input and target must be two rows of features or more",
        received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
        expected: "[n, D] and [m, D]",
      });
    }
    const size = x.shape[1]!;
    return covariance(x)
      .sub(covariance(y))
      .square()
      .sum()
      .div(4 * size ** 2);
  },
);

/** `coralAlignmentLoss` with its options kept. */
export const CoralAlignmentLoss = /* @__PURE__ */ lossClass("CoralAlignmentLoss", coralAlignmentLoss);

function covariance(x: Tensor): Tensor {
  const centred = centreColumns(x);
  return matmul(centred.t(), centred).div(x.shape[0]! - 1);
}
