import type { DType } from "./dtype.ts";
import type { ValuesAndIndices } from "./families/extreme.ts";
import type { ReductionOptions } from "./families/reduction.ts";
import { abs } from "./ops/abs.ts";
import { add, add_ } from "./ops/add.ts";
import { amax } from "./ops/amax.ts";
import { amin } from "./ops/amin.ts";
import { all, any } from "./ops/any.ts";
import { argmax } from "./ops/argmax.ts";
import { argmin } from "./ops/argmin.ts";
import { type ClampOptions, clamp } from "./ops/clamp.ts";
import { clone } from "./ops/clone.ts";
import { contiguous } from "./ops/contiguous.ts";
import { copy_, fill_, zero_ } from "./ops/copy-into.ts";
import { cumsum } from "./ops/cumsum.ts";
import { div, div_ } from "./ops/div.ts";
import { eq } from "./ops/eq.ts";
import { exp } from "./ops/exp.ts";
import { broadcastTo, expand } from "./ops/expand.ts";
import { flip } from "./ops/flip.ts";
import { gather } from "./ops/gather.ts";
import { ge } from "./ops/ge.ts";
import { gt } from "./ops/gt.ts";
import { indexSelect } from "./ops/index-select.ts";
import { le } from "./ops/le.ts";
import { log } from "./ops/log.ts";
import { logSoftmax } from "./ops/log-softmax.ts";
import { logSumExp } from "./ops/log-sum-exp.ts";
import { logicalAnd, logicalNot, logicalOr } from "./ops/logical.ts";
import { lt } from "./ops/lt.ts";
import { maskedFill } from "./ops/masked-fill.ts";
import { matmul } from "./ops/matmul.ts";
import { max } from "./ops/max.ts";
import { maximum, minimum } from "./ops/maximum.ts";
import { mean } from "./ops/mean.ts";
import { min } from "./ops/min.ts";
import { mul, mul_ } from "./ops/mul.ts";
import { ne } from "./ops/ne.ts";
import { neg } from "./ops/neg.ts";
import { type NormOptions, norm } from "./ops/norm.ts";
import { movedim, permute, t, transpose } from "./ops/permute.ts";
import { pow } from "./ops/pow.ts";
import { prod } from "./ops/prod.ts";
import { relu } from "./ops/relu.ts";
import { flatten, reshape, unflatten } from "./ops/reshape.ts";
import { sigmoid } from "./ops/sigmoid.ts";
import { narrow, type SliceOptions, select, slice } from "./ops/slice.ts";
import { softmax } from "./ops/softmax.ts";
import { chunk, split } from "./ops/split.ts";
import { sqrt } from "./ops/sqrt.ts";
import { square } from "./ops/square.ts";
import { squeeze, unsqueeze } from "./ops/squeeze.ts";
import { sub, sub_ } from "./ops/sub.ts";
import { sum } from "./ops/sum.ts";
import { tanh } from "./ops/tanh.ts";
import { to } from "./ops/to.ts";
import { std, type VarOptions, variance } from "./ops/var.ts";
import type { Shape } from "./shape.ts";
import type { Tensor, TensorArg } from "./tensor.ts";

/**
 * The operations that tensors have as methods: a fixed, documented core. Each is the function of the same name, with the tensor as its
 * first argument; see there. New operations are functions only.
 */
export abstract class TensorMethods {
  add(this: Tensor, other: TensorArg): Tensor {
    return add(this, other);
  }

  sub(this: Tensor, other: TensorArg): Tensor {
    return sub(this, other);
  }

  mul(this: Tensor, other: TensorArg): Tensor {
    return mul(this, other);
  }

  div(this: Tensor, other: TensorArg): Tensor {
    return div(this, other);
  }

  neg(this: Tensor): Tensor {
    return neg(this);
  }

  abs(this: Tensor): Tensor {
    return abs(this);
  }

  exp(this: Tensor): Tensor {
    return exp(this);
  }

  log(this: Tensor): Tensor {
    return log(this);
  }

  sqrt(this: Tensor): Tensor {
    return sqrt(this);
  }

  square(this: Tensor): Tensor {
    return square(this);
  }

  sigmoid(this: Tensor): Tensor {
    return sigmoid(this);
  }

  tanh(this: Tensor): Tensor {
    return tanh(this);
  }

  relu(this: Tensor): Tensor {
    return relu(this);
  }

  pow(this: Tensor, exponent: TensorArg): Tensor {
    return pow(this, exponent);
  }

  clamp(this: Tensor, options: ClampOptions): Tensor {
    return clamp(this, options);
  }

  eq(this: Tensor, other: TensorArg): Tensor {
    return eq(this, other);
  }

  ne(this: Tensor, other: TensorArg): Tensor {
    return ne(this, other);
  }

  lt(this: Tensor, other: TensorArg): Tensor {
    return lt(this, other);
  }

  le(this: Tensor, other: TensorArg): Tensor {
    return le(this, other);
  }

  gt(this: Tensor, other: TensorArg): Tensor {
    return gt(this, other);
  }

  ge(this: Tensor, other: TensorArg): Tensor {
    return ge(this, other);
  }

  logicalAnd(this: Tensor, other: TensorArg): Tensor {
    return logicalAnd(this, other);
  }

  logicalOr(this: Tensor, other: TensorArg): Tensor {
    return logicalOr(this, other);
  }

  logicalNot(this: Tensor): Tensor {
    return logicalNot(this);
  }

  maximum(this: Tensor, other: TensorArg): Tensor {
    return maximum(this, other);
  }

  minimum(this: Tensor, other: TensorArg): Tensor {
    return minimum(this, other);
  }

  sum(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return sum(this, dim, options);
  }

  mean(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return mean(this, dim, options);
  }

  prod(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return prod(this, dim, options);
  }

  var(this: Tensor, dim?: number | readonly number[], options?: VarOptions): Tensor {
    return variance(this, dim, options);
  }

  std(this: Tensor, dim?: number | readonly number[], options?: VarOptions): Tensor {
    return std(this, dim, options);
  }

  all(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return all(this, dim, options);
  }

  any(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return any(this, dim, options);
  }

  cumsum(this: Tensor, dim: number): Tensor {
    return cumsum(this, dim);
  }

  matmul(this: Tensor, other: TensorArg): Tensor {
    return matmul(this, other);
  }

  amax(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return amax(this, dim, options);
  }

  amin(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return amin(this, dim, options);
  }

  /** The greatest element, or the greatest along `dim` with their positions. */
  max(this: Tensor): Tensor;
  max(this: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
  max(this: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
    return dim === undefined ? max(this) : max(this, dim, options);
  }

  /** The least element, or the least along `dim` with their positions. */
  min(this: Tensor): Tensor;
  min(this: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
  min(this: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
    return dim === undefined ? min(this) : min(this, dim, options);
  }

  argmax(this: Tensor, dim?: number, options?: ReductionOptions): Tensor {
    return argmax(this, dim, options);
  }

  argmin(this: Tensor, dim?: number, options?: ReductionOptions): Tensor {
    return argmin(this, dim, options);
  }

  logSumExp(this: Tensor, dim?: number | readonly number[], options?: ReductionOptions): Tensor {
    return logSumExp(this, dim, options);
  }

  norm(this: Tensor, dim?: number | readonly number[], options?: NormOptions): Tensor {
    return norm(this, dim, options);
  }

  softmax(this: Tensor, dim: number): Tensor {
    return softmax(this, dim);
  }

  logSoftmax(this: Tensor, dim: number): Tensor {
    return logSoftmax(this, dim);
  }

  gather(this: Tensor, dim: number, index: TensorArg): Tensor {
    return gather(this, dim, index);
  }

  /** Itself if it has that type, else converted. */
  to(this: Tensor, dtype: DType): Tensor {
    return to(this, dtype);
  }

  clone(this: Tensor): Tensor {
    return clone(this);
  }

  /** Itself if contiguous, else a row-major copy. */
  contiguous(this: Tensor): Tensor {
    return contiguous(this);
  }

  reshape(this: Tensor, shape: Shape): Tensor {
    return reshape(this, shape);
  }

  flatten(this: Tensor, startDim?: number, endDim?: number): Tensor {
    return flatten(this, startDim, endDim);
  }

  unflatten(this: Tensor, dim: number, sizes: Shape): Tensor {
    return unflatten(this, dim, sizes);
  }

  permute(this: Tensor, dims: readonly number[]): Tensor {
    return permute(this, dims);
  }

  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return transpose(this, dim0, dim1);
  }

  /** The transpose of a matrix. */
  t(this: Tensor): Tensor {
    return t(this);
  }

  movedim(this: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
    return movedim(this, source, destination);
  }

  expand(this: Tensor, shape: Shape): Tensor {
    return expand(this, shape);
  }

  broadcastTo(this: Tensor, shape: Shape): Tensor {
    return broadcastTo(this, shape);
  }

  squeeze(this: Tensor, dim?: number | readonly number[]): Tensor {
    return squeeze(this, dim);
  }

  unsqueeze(this: Tensor, dim: number): Tensor {
    return unsqueeze(this, dim);
  }

  indexSelect(this: Tensor, dim: number, index: TensorArg): Tensor {
    return indexSelect(this, dim, index);
  }

  maskedFill(this: Tensor, mask: TensorArg, value: TensorArg): Tensor {
    return maskedFill(this, mask, value);
  }

  flip(this: Tensor, dims: number | readonly number[]): Tensor {
    return flip(this, dims);
  }

  split(this: Tensor, sizes: number | readonly number[], dim?: number): Tensor[] {
    return split(this, sizes, dim);
  }

  chunk(this: Tensor, chunks: number, dim?: number): Tensor[] {
    return chunk(this, chunks, dim);
  }

  slice(this: Tensor, dim: number, options?: SliceOptions): Tensor {
    return slice(this, dim, options);
  }

  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return narrow(this, dim, start, length);
  }

  select(this: Tensor, dim: number, index: number): Tensor {
    return select(this, dim, index);
  }

  // --- writing in place --------------------------------------------------------------------------------------------

  add_(this: Tensor, other: TensorArg): Tensor {
    return add_(this, other);
  }

  sub_(this: Tensor, other: TensorArg): Tensor {
    return sub_(this, other);
  }

  mul_(this: Tensor, other: TensorArg): Tensor {
    return mul_(this, other);
  }

  div_(this: Tensor, other: TensorArg): Tensor {
    return div_(this, other);
  }

  /** Writes the elements of `source`, broadcast and converted. */
  copy_(this: Tensor, source: TensorArg): Tensor {
    return copy_(this, source);
  }

  fill_(this: Tensor, value: number | bigint | boolean): Tensor {
    return fill_(this, value);
  }

  zero_(this: Tensor): Tensor {
    return zero_(this);
  }
}
