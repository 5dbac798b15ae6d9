import {
  asIndexTensor,
  asTensor,
  Callable,
  formatShape,
  fromTypedArray,
  type Generator,
  type HasParameters,
  indexAdd,
  indexSelect,
  isTracing,
  linear,
  linearCrossEntropy as linearCrossEntropyRows,
  logSumExp,
  Parameter,
  rand,
  ShapeError,
  sameShape,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  tanh,
  where,
  zeros,
} from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { overRowChunks } from "./row-chunks.ts";

const OP = "linearCrossEntropy";

export interface LinearCrossEntropyOptions extends ReductionOptions {
  /** Added to the logits, `[C]`. Default none. */
  readonly linearBias?: TensorArg;
  /** Factor of each class, `[C]`. Default none. */
  readonly weight?: TensorArg;
  /** Rows with this target have loss and gradient 0, do not count in the mean, and are left out before the product. Default -100. */
  readonly ignoreIndex?: number;
  /** Share of every target that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
  /** `zLoss * logSumExp(logits)^2` is added to every row. Default 0. */
  readonly zLoss?: number;
  /** Logits are bounded smoothly: `softcap * tanh(logits / softcap)`. Default none. */
  readonly softcap?: number;
  /** Rows whose logits exist at one time. Default as many as fit into 32 MiB, at least 16. */
  readonly chunkSize?: number;
}

/**
 * Cross entropy of `linear(input, linearWeight)` against class indices without ever holding all logits: for vocabularies.
 *
 *     loss_n = crossEntropy(input_n linearWeight^T + linearBias, target_n)
 *
 * Shapes: input `[..., D]`, linearWeight `[C, D]`, target class indices `[...]`; to a scalar, or the target's shape with `reduction: "none"`. Rows are taken in
 * chunks: a chunk's logits become their own gradient in place and are multiplied into the gradients of input, weight and bias at once, in the forward pass;
 * "none" walks the chunks again in the backward pass, and so do `zLoss` and `softcap`. Memory beside inputs and gradients is one chunk of logits. 4,096
 * rows into 50,000 classes take 32 MiB instead of 1.6 GB.
 *
 * "mean" divides by the weights of the rows that count. Sums of products are float32, as `linear`'s are; softmax and logarithm are exact.
 * Source: the same loss as `crossEntropy`; chunking as in Hsu et al., "Liger Kernel" (2024), arXiv 2410.10989.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class; ArgumentError for a chunk of no rows, a negative
 * zLoss, or a softcap that is not above 0.
 * Differs from PyTorch: always chunked, whatever the options; higher derivatives exist; `zLoss` and `softcap`.
 * @example linearCrossEntropy([[1, 0]], [[20, 0], [0, 0]], [0]).item() // 2.06115369216775e-9
 */
export const linearCrossEntropy = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, linearWeight: TensorArg, target: TensorArg, options: LinearCrossEntropyOptions): Losses => ({
    losses: () => everyRow(asTensor(input), asTensor(linearWeight), asIndexTensor(target), options),
    divisor: () => weightOfRows(asIndexTensor(target), options),
  }),
  {
    fused: (input, linearWeight, target, options) => {
      if (isExtended(options)) return undefined;
      const { x, t } = withoutIgnored(asTensor(input), asIndexTensor(target), options);
      return linearCrossEntropyRows(x, linearWeight, t, callOf(options, options.reduction));
    },
  },
);

function isExtended({ zLoss = 0, softcap }: LinearCrossEntropyOptions): boolean {
  return zLoss !== 0 || softcap !== undefined;
}

function callOf(options: LinearCrossEntropyOptions, reduction: "none" | "mean" | "sum") {
  const { zLoss: _, softcap: __, onEmpty: ___, ...rest } = options;
  return { ...rest, reduction, op: OP };
}

/** The rows that count, where some do not: padding is not worth a product with the vocabulary. `kept` are their positions. */
function withoutIgnored(input: Tensor, target: Tensor, { ignoreIndex = -100 }: LinearCrossEntropyOptions) {
  const features = input.shape.at(-1) ?? 0;
  if (isTracing() || !sameShape(target.shape, input.shape.slice(0, -1))) return { x: input, t: target };
  const indices = target.to("int64").data() as BigInt64Array;
  const places: number[] = [];
  const ignored = BigInt(ignoreIndex);
  for (let i = 0; i < indices.length; i++) if (indices[i] !== ignored) places.push(i);
  if (places.length === indices.length) return { x: input, t: target };
  const kept = fromTypedArray(BigInt64Array.from(places, BigInt), [places.length]);
  const x = indexSelect(input.reshape([target.size, features]), 0, kept);
  return { x, t: indexSelect(target.flatten(), 0, kept), kept };
}

/** The rows' losses in the target's shape, 0 where a row does not count. */
function everyRow(input: Tensor, weight: Tensor, target: Tensor, options: LinearCrossEntropyOptions): Tensor {
  if (isExtended(options)) checkExtended(input, weight, target, options);
  const { x, t, kept } = withoutIgnored(input, target, options);
  const rows = isExtended(options)
    ? extendedRows(x, weight, t, options)
    : linearCrossEntropyRows(x, weight, t, callOf(options, "none"));
  if (kept === undefined) return rows;
  return indexAdd(zeros([target.size], { dtype: rows.dtype }), 0, kept, rows).reshape(target.shape);
}

/** @throws what the kernel does for what it knows; the operations of `extendedRows` would name themselves. */
function checkExtended(x: Tensor, weight: Tensor, t: Tensor, { zLoss = 0, softcap }: LinearCrossEntropyOptions): void {
  checkOption(OP, "zLoss", zLoss, "0 or more", zLoss >= 0);
  if (softcap !== undefined) checkPositive(OP, "softcap", softcap);
  const fits = weight.ndim === 2 && x.ndim > 0 && x.shape.at(-1) === weight.shape[1];
  if (fits && sameShape(t.shape, x.shape.slice(0, -1))) return;
  throw new ShapeError({
    op: OP,
    rule: fits ? "there must be one class index for each row" : "inner sizes differ",
    received: `input ${formatShape(x.shape)}, linear weight ${formatShape(weight.shape)}, target ${formatShape(t.shape)}`,
    expected: "[..., D], [C, D] and [...]",
  });
}

/** Rows with what the kernel does not know. */
function extendedRows(x: Tensor, weight: Tensor, t: Tensor, options: LinearCrossEntropyOptions): Tensor {
  const { zLoss = 0, softcap, linearBias, weight: classWeight, ignoreIndex = -100, labelSmoothing = 0 } = options;
  const bias = linearBias === undefined ? [] : [asTensor(linearBias)];
  const classes = weight.shape[0] ?? 1;
  const chunkSize = options.chunkSize ?? Math.max(16, Math.floor(2 ** 23 / Math.max(1, classes)));
  const rows = overRowChunks(
    ([input, target], [matrix, addend]) => {
      const plain = linear(input!, matrix!, addend);
      const logits = softcap === undefined ? plain : tanh(plain.div(softcap)).mul(softcap);
      const losses = softmaxCrossEntropy(logits, target!, {
        ...(classWeight !== undefined && { weight: classWeight }),
        ...{ ignoreIndex, labelSmoothing, reduction: "none", op: OP },
      });
      if (zLoss === 0) return losses;
      const counted = target!.ne(ignoreIndex).to(losses.dtype).mul(zLoss);
      return losses.add(logSumExp(logits, 1).square().mul(counted));
    },
    [x.reshape([t.size, x.shape.at(-1)!]), t.flatten()],
    [weight, ...bias],
    { chunkSize },
  );
  return rows.reshape(t.shape);
}

function weightOfRows(target: Tensor, { weight, ignoreIndex = -100 }: LinearCrossEntropyOptions): Tensor {
  const kept = target.ne(ignoreIndex);
  if (weight === undefined) return kept.to("float64").sum();
  const safe = where(kept, target.to("int64"), 0).flatten();
  return where(kept.flatten(), indexSelect(asTensor(weight).to("float64"), 0, safe), 0).sum();
}

export interface LinearCrossEntropyLossOptions extends LinearCrossEntropyOptions {
  /** Whether the product has a learned bias. Default false. */
  readonly bias?: boolean;
  /** Draws the first weights. Default the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * `linearCrossEntropy` that owns its matrix: a classifier's last layer and its loss in one. `weight` `[numClasses, inFeatures]` and `bias` `[numClasses]` are
 * learned, drawn uniformly from +-1 / sqrt(inFeatures) as `Linear` draws them.
 */
export class LinearCrossEntropyLoss extends Callable implements HasParameters {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly options: LinearCrossEntropyOptions;

  constructor(inFeatures: number, numClasses: number, settings: LinearCrossEntropyLossOptions = {}) {
    super();
    const { bias = false, generator, ...options } = settings;
    const bound = 1 / Math.sqrt(Math.max(1, inFeatures));
    const draw = (shape: readonly number[]) =>
      new Parameter(
        rand([...shape], { ...(generator !== undefined && { generator }) })
          .mul(2 * bound)
          .sub(bound),
      );
    this.weight = draw([numClasses, inFeatures]);
    this.bias = bias ? draw([numClasses]) : null;
    this.options = options;
  }

  forward(input: TensorArg, target: TensorArg): Tensor {
    return linearCrossEntropy(input, this.weight, target, {
      ...this.options,
      ...(this.bias !== null && { linearBias: this.bias }),
    });
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["weight", this.weight];
    if (this.bias !== null) yield ["bias", this.bias];
  }
}
