import {
  add,
  arange,
  expand,
  gather,
  lt,
  mul,
  reshape,
  sizeOfShape,
  sum,
  type Tensor,
  tensor,
  where,
} from "@tenon/numerics";

/** Indices from the end as indices from the start. */
export function nonNegative(index: Tensor, size: number): Tensor {
  return where(lt(index, 0), add(index, size), index);
}

/** ONNX's Gather: slices of `x` along `dim`, one for each index; the indices' shape takes the dimension's place. */
export function take(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = dim < 0 ? dim + x.ndim : dim;
  const before = x.shape.slice(0, at);
  const after = x.shape.slice(at + 1);
  const [rows, row, count] = [sizeOfShape(before), sizeOfShape(after), index.size];
  const flat = reshape(nonNegative(index, x.shape[at]!), [1, count, 1]);
  const taken = gather(reshape(x, [rows, x.shape[at]!, row]), 1, expand(flat, [rows, count, row]));
  return reshape(taken, [...before, ...index.shape, ...after]);
}

/** The positions `list` along a dimension. */
export function takeList(x: Tensor, dim: number, list: readonly number[]): Tensor {
  return take(x, dim, tensor(list, { dtype: "int64", shape: [list.length] }));
}

/** A dimension back to front. */
export function reversed(x: Tensor, dim: number): Tensor {
  const size = x.shape.at(dim)!;
  return takeList(
    x,
    dim,
    Array.from({ length: size }, (_, i) => size - 1 - i),
  );
}

/** Positions of slices in a tensor whose first dimensions, as many as the last dimension of `index` has entries, are made one. */
export function linearIndex(index: Tensor, shape: readonly number[]): Tensor {
  const steps = shape.map((_, i) => sizeOfShape(shape.slice(i + 1)));
  const sizes = tensor(shape, { dtype: "int64", shape: [shape.length] });
  const positive = where(lt(index, 0), add(index, sizes), index);
  return sum(mul(positive, tensor(steps, { dtype: "int64", shape: [steps.length] })), -1);
}

/** 0, 1, 2, ... as int64, shaped to vary along `dim` of `rank` dimensions. */
export function positions(size: number, dim: number, rank: number): Tensor {
  const shape = Array.from({ length: rank }, (_, i) => (i === dim ? size : 1));
  return reshape(arange(0, size, 1, { dtype: "int64" }), shape);
}
