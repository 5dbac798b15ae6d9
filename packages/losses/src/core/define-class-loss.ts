import {
  asIndexTensor,
  asTensor,
  checkClassTargets,
  classDim,
  formatShape,
  gather,
  indexSelect,
  isTracing,
  type Shape,
  ShapeError,
  sameShape,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import { doubles } from "./doubles.ts";
import { type Loss, lossFunction } from "./loss-function.ts";
import type { Losses, ReductionOptions } from "./reduction.ts";

export interface ClassLossOptions extends ReductionOptions {
  /** Factor of each class, `[C]`: a row's loss is multiplied by that of its target. Default none. */
  readonly weight?: TensorArg;
  /** Factor of each row, in the targets' shape. Default none. */
  readonly sampleWeight?: TensorArg;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
  /** What the mean divides by where there are weights: the weights of the rows that count, or their number. Default "weights", except where a loss says otherwise. */
  readonly normalize?: "weights" | "count";
}

/** Rows of logits with their targets, as a formula sees them. */
export interface ClassRows {
  readonly logits: Tensor;
  /** Class indices in the rows' shape; rows that are ignored have class 0 here. */
  readonly target: Tensor;
  /** Which rows count (bool). */
  readonly kept: Tensor;
  readonly dim: number;
  readonly classes: number;
  /** `-log softmax(logits)[target]` of each row in float64, fused: one exponential a logit, and the gradient is written in the same pass. */
  crossEntropy(): Tensor;
  /** One value of each row: that of its target. */
  atTarget(values: Tensor): Tensor;
  /** The same rows with other logits. */
  withLogits(logits: Tensor): ClassRows;
}

/** A loss of class indices as a function: `loss(logits, target, { reduction, weight, ignoreIndex, ... })`. */
export type ClassLossFunction<O> = Loss<[input: TensorArg, target: TensorArg], Partial<O> & ClassLossOptions>;

export interface ClassLossSettings<O> {
  /** Values of its own options where the caller gives none. */
  readonly defaults?: O;
  /** Throws a typed error for options that cannot be used. */
  readonly check?: (rows: ClassRows, options: O) => void;
  /** "double": the formula's logits are float64. "input": it only uses `crossEntropy()`, which is exact by itself. Default "double". */
  readonly precision?: "double" | "input";
  /** What the mean divides by where the caller does not say. Default "weights". */
  readonly weightedMean?: "weights" | "count";
}

/**
 * Defines a loss of logits `[C]`, `[N, C]` or `[N, C, d1, ...]` against class indices `[]`, `[N]`, `[N, d1, ...]` by its value for one row. Checks, class and
 * sample weights, ignored rows, the place of the classes, reduction and the class form (`lossClass`) come with it.
 *
 * @param formula the losses, one a row, in the targets' shape.
 * @example
 * const absoluteErrorOfSoftmax = defineClassLoss("absoluteErrorOfSoftmax", (rows) => rows.crossEntropy().neg().expm1().mul(-2));
 * absoluteErrorOfSoftmax([[0, 0]], [1]).item() // 1
 */
export function defineClassLoss<O extends object = object>(
  name: string,
  formula: (rows: ClassRows, options: O) => Tensor,
  settings: ClassLossSettings<O> = {},
): ClassLossFunction<O> {
  type Options = Partial<O> & ClassLossOptions;
  const { defaults, check, precision = "double", weightedMean = "weights" } = settings;
  return lossFunction(name, (input: TensorArg, target: TensorArg, options: Options): Losses => {
    const { ignoreIndex = -100 } = options;
    const x = asTensor(input);
    const indices = asIndexTensor(target);
    const dim = classDim(name, x, options.dim);
    checkClassTargets(name, x, indices, { dim, ignoreIndex });
    const kept = indices.ne(ignoreIndex);
    const [logits] = precision === "double" ? doubles(withoutIgnored(x, kept, dim)) : [x];
    const rows = classRows(logits, indices, kept, dim, ignoreIndex);
    const own = { ...defaults, ...options } as unknown as O;
    check?.(rows, own);
    return weighRows(name, where(kept, formula(rows, own), 0), rows, { normalize: weightedMean, ...options });
  }) as ClassLossFunction<O>;
}

// Rows that do not count become 0, so that no infinity in them meets a gradient of 0.
function withoutIgnored(x: Tensor, kept: Tensor, dim: number): Tensor {
  if (!isTracing() && kept.all().item() === true) return x;
  return where(unsqueeze(kept, dim), x, 0);
}

function classRows(logits: Tensor, indices: Tensor, kept: Tensor, dim: number, ignoreIndex: number): ClassRows {
  const target = where(kept, indices.to("int64"), 0);
  return {
    logits,
    target,
    kept,
    dim,
    classes: logits.shape[dim]!,
    crossEntropy: () => {
      const losses = softmaxCrossEntropy(logits, indices, {
        dim,
        ignoreIndex,
        reduction: "none",
        exactRows: !isTracing(),
      });
      // A formula may not be finite at the 0 of a row that does not count.
      return where(kept, losses, 1);
    },
    atTarget: (values) => gather(values, dim, unsqueeze(target, dim)).squeeze(dim),
    withLogits: (other) => classRows(other, indices, kept, dim, ignoreIndex),
  };
}

/** Weighted rows with what their mean divides by. */
function weighRows(
  op: string,
  losses: Tensor,
  { target, kept, classes }: ClassRows,
  options: ClassLossOptions,
): Losses {
  const { weight: classWeight, sampleWeight, normalize = "weights" } = options;
  const factors: Tensor[] = [];
  if (classWeight !== undefined) {
    const weight = asTensor(classWeight).to(losses.dtype);
    checkShape(op, "there must be one weight for each class", weight.shape, [classes]);
    factors.push(indexSelect(weight, 0, target.flatten()).reshape(target.shape));
  }
  if (sampleWeight !== undefined) {
    const weight = asTensor(sampleWeight);
    checkShape(op, "there must be one sample weight for each target", weight.shape, target.shape);
    factors.push(weight);
  }
  const weights = factors.length === 0 ? undefined : factors.map((w) => w.to(losses.dtype)).reduce((a, b) => a.mul(b));
  const counted = weights === undefined || normalize === "count" ? undefined : weights;
  return {
    losses: weights === undefined ? losses : losses.mul(weights),
    divisor: (counted === undefined ? kept.to(losses.dtype) : where(kept, counted, 0)).sum(),
  };
}

function checkShape(op: string, rule: string, received: Shape, expected: Shape): void {
  if (sameShape(received, expected)) return;
  throw new ShapeError({ op, rule, received: formatShape(received), expected: formatShape(expected) });
}
