import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type MatmulOptions, matmul } from "./matmul.ts";
import { checkDimensions } from "./mm.ts";

/** The dot product of two vectors, a scalar. `sum of a[i] * b[i]` */
export function dot(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  checkDimensions("dot", [1, 1], x, y);
  return matmul(x, y, options);
}

/** `dot`; the name for complex numbers, where it conjugates `a`. */
export function vdot(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  return dot(a, b, options);
}
