import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type MatmulOptions, product } from "./matmul.ts";

/** @throws ShapeError unless the operands have as many dimensions as `op` is named for; stricter than `matmul`, which broadcasts. */
export function checkDimensions(op: string, expected: readonly number[], ...operands: readonly Tensor[]): void {
  if (operands.every((x, i) => x.ndim === expected[i])) return;
  throw new ShapeError({
    op,
    rule: "wrong number of dimensions",
    received: operands.map((x) => formatShape(x.shape)).join(" and "),
    expected: `${expected.join(" and ")} dimensions`,
    hint: "matmul() takes any number of them",
  });
}

/** The product of two matrices: `[m, k]` and `[k, n]` give `[m, n]`. `matmul` without broadcasting. */
export function mm(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  checkDimensions("mm", [2, 2], x, y);
  return product(x, y, options);
}
