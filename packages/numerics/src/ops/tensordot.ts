import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, normalizeDim, sizeOfShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type MatmulOptions, product } from "./matmul.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";

export interface TensordotOptions extends MatmulOptions {
  /** How many of a's last and b's first dimensions to sum over, or two lists naming those of a and of b in pairs. Default 2. */
  readonly dims?: number | readonly [readonly number[], readonly number[]];
}

function summed(a: Tensor, b: Tensor, dims: NonNullable<TensordotOptions["dims"]>): [number[], number[]] {
  if (typeof dims !== "number") {
    return [
      dims[0].map((d) => normalizeDim("tensordot", d, a.ndim)),
      dims[1].map((d) => normalizeDim("tensordot", d, b.ndim)),
    ];
  }
  if (!Number.isSafeInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim)) {
    throw new ArgumentError({
      op: "tensordot",
      rule: "dims out of range",
      received: `dims ${dims}, shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    });
  }
  return [Array.from({ length: dims }, (_, i) => a.ndim - dims + i), Array.from({ length: dims }, (_, i) => i)];
}

function others(t: Tensor, dims: readonly number[]): number[] {
  return t.shape.map((_, i) => i).filter((i) => !dims.includes(i));
}

/**
 * Sums the products of two tensors over pairs of dimensions; the result has a's other dimensions, then b's.
 * @throws ShapeError if paired sizes differ; ArgumentError for lists of different length.
 * @example tensordot(ones([2, 3, 4]), ones([3, 4, 5])).shape // [2, 5]
 */
export function tensordot(a: TensorArg, b: TensorArg, options: TensordotOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  const { dims = 2, ...rest } = options;
  const [dx, dy] = summed(x, y, dims);
  const received = `shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}, dims ${formatShape(dx)} and ${formatShape(dy)}`;
  if (dx.length !== dy.length || new Set(dx).size !== dx.length || new Set(dy).size !== dy.length) {
    throw new ArgumentError({ op: "tensordot", rule: "dims must pair different dimensions", received });
  }
  if (dx.some((d, i) => x.shape[d] !== y.shape[dy[i]!])) {
    throw new ShapeError({ op: "tensordot", rule: "paired sizes differ", received });
  }
  const [keptX, keptY] = [others(x, dx), others(y, dy)];
  const inner = sizeOfShape(dx.map((d) => x.shape[d]!));
  const [rows, columns] = [keptX.map((d) => x.shape[d]!), keptY.map((d) => y.shape[d]!)];
  const left = reshape(permute(x, [...keptX, ...dx]), [sizeOfShape(rows), inner]);
  const right = reshape(permute(y, [...dy, ...keptY]), [inner, sizeOfShape(columns)]);
  return reshape(product(left, right, rest), [...rows, ...columns]);
}

/**
 * Sums over the last dimension of both: `[..., k]` and `[..., k]` give a's other dimensions, then b's. With a scalar it is a product.
 * @throws ShapeError if the last sizes differ.
 */
export function inner(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  if (x.ndim === 0 || y.ndim === 0) return mul(x, y);
  if (x.shape.at(-1) !== y.shape.at(-1)) {
    throw new ShapeError({
      op: "inner",
      rule: "last sizes differ",
      received: `${formatShape(x.shape)} and ${formatShape(y.shape)}`,
    });
  }
  return tensordot(x, y, { ...options, dims: [[-1], [-1]] });
}
