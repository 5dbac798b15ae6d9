import { asTensor } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { eachMatrix, squareMatrices } from "../families/matrices.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { transpose } from "./permute.ts";
import { solveTriangular } from "./solve-triangular.ts";
import { sub } from "./sub.ts";
import { tril } from "./tril.ts";

interface CholeskyAttrs {
  readonly op: string;
}

const definition: OneOutput<CholeskyAttrs> = {
  name: "cholesky",
  shape: ([x], { op }) => squareMatrices(op, x!),
  forward: (_k, [x], { op }, spec) => {
    const n = spec.shape.at(-1)!;
    return eachMatrix([x!], spec, ([a], l) => factorize(op, a!, l, n));
  },
  // With P = tril(L^T dL), its diagonal halved: dA = L^-T P L^-1, made symmetric (Murray 2016, arXiv 1602.07527).
  gradient: ({ outputs: [l], dy }) => {
    const lt = transpose(l!, -2, -1);
    const product = tril(matmul(lt, dy));
    const halved = sub(product, mul(diagonalMatrix(product), 0.5));
    const left = solveTriangular(lt, halved, { upper: true });
    const full = transpose(solveTriangular(lt, transpose(left, -2, -1), { upper: true }), -2, -1);
    return [mul(add(full, transpose(full, -2, -1)), 0.5)];
  },
  saves: { inputs: "none", outputs: "all" },
  onnx: unsupported("ONNX has no factorization of matrices"),
};

function diagonalMatrix(x: Tensor): Tensor {
  return sub(tril(x), tril(x, -1));
}

/** Row by row; the sums of products are float64 whatever the dtype is. */
function factorize(op: string, a: Float64Array, l: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0.5 * (a[i * n + j]! + a[j * n + i]!);
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (j < i) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum <= 0) throw notPositive(op, i, sum);
      else l[i * n + i] = Math.sqrt(sum);
    }
  }
}

function notPositive(op: string, row: number, pivot: number): ArgumentError {
  return new ArgumentError({
    op,
    rule: "a matrix is not positive definite",
    received: `pivot ${pivot} in row ${row}`,
    expected: "pivots above 0",
    hint: "Add a little to the diagonal if it is only rounding",
  });
}

export interface CholeskyOptions {
  /** Whether the upper triangular factor is given. Default false. */
  readonly upper?: boolean;
  /** The function that errors name: a loss built on this operation gives its own. */
  readonly op?: string;
}

/**
 * The lower triangular L with `x = L L^T` of symmetric positive definite matrices; with `upper` its transpose.
 *
 * Shapes: `[..., n, n]` to the same. Computed in float64, whatever the dtype is. The gradient is symmetric. Of a matrix that is not symmetric the mean
 * with its transpose is taken, so that the gradient is exact there, too; PyTorch reads the lower triangle.
 * @throws ArgumentError for a matrix that is not positive definite; ShapeError unless matrices are square; DTypeError for anything but float32 and float64.
 * @example cholesky([[4, 2], [2, 5]]).toArray() // [[2, 0], [1, 2]]
 */
export function cholesky(x: TensorArg, options: CholeskyOptions = {}): Tensor {
  const { upper = false, op = "cholesky" } = options;
  const lower = apply(definition, [asTensor(x)], { op });
  return upper ? transpose(lower, -1, -2) : lower;
}
