import { asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { bmm } from "./bmm.ts";
import { broadcastTo } from "./expand.ts";
import { mm } from "./mm.ts";
import { mul } from "./mul.ts";
import { mv } from "./mv.ts";
import { outer } from "./outer.ts";
import { sum } from "./sum.ts";

export interface AddProductOptions {
  /** Factor of the input. With 0 the input is ignored, whatever it holds. Default 1. */
  readonly beta?: number;
  /** Factor of the product. Default 1. */
  readonly alpha?: number;
}

// Factors take the element type of what they multiply, as in PyTorch: 0.6 is 0 beside integers and true beside bool.
function scale(x: Tensor, factor: number): Tensor {
  if (x.dtype === "bool") return factor === 0 ? mul(x, false) : x;
  const exact = isFloatingPoint(x.dtype) ? factor : Math.trunc(factor);
  return exact === 1 ? x : mul(x, exact);
}

function addTo(input: TensorArg, product: Tensor, { beta = 1, alpha = 1 }: AddProductOptions): Tensor {
  const scaled = scale(product, alpha);
  if (beta === 0) return scaled;
  // The input stretches to the product's shape, never the other way round.
  return add(scale(broadcastTo(asTensor(input), product.shape), beta), scaled);
}

/** `beta * input + alpha * (a b)` for matrices `[m, k]`, `[k, n]`; the input broadcasts to `[m, n]`. */
export function addmm(input: TensorArg, a: TensorArg, b: TensorArg, options: AddProductOptions = {}): Tensor {
  return addTo(input, mm(a, b), options);
}

/** `beta * input + alpha * (matrix vector)`; the input broadcasts to `[m]`. */
export function addmv(input: TensorArg, matrix: TensorArg, vector: TensorArg, options: AddProductOptions = {}): Tensor {
  return addTo(input, mv(matrix, vector), options);
}

/** `beta * input + alpha * (a[i] b[i])` for batches of matrices; the input broadcasts to `[batch, m, n]`. */
export function baddbmm(input: TensorArg, a: TensorArg, b: TensorArg, options: AddProductOptions = {}): Tensor {
  return addTo(input, bmm(a, b), options);
}

/** `beta * input + alpha * sum over i of (a[i] b[i])` for batches of matrices; the input broadcasts to `[m, n]`. */
export function addbmm(input: TensorArg, a: TensorArg, b: TensorArg, options: AddProductOptions = {}): Tensor {
  return addTo(input, sum(bmm(a, b), 0), options);
}

/** `beta * input + alpha * outer(a, b)`; the input broadcasts to `[m, n]`. */
export function addr(input: TensorArg, a: TensorArg, b: TensorArg, options: AddProductOptions = {}): Tensor {
  return addTo(input, outer(a, b), options);
}
