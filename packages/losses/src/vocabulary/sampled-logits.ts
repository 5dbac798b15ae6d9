import {
  ArgumentError,
  asIndexTensor,
  asTensor,
  checkClassTargets,
  DTypeError,
  formatShape,
  IndexOutOfRangeError,
  indexSelect,
  isFloatingPoint,
  isTracing,
  matmul,
  ShapeError,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
  zeros,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import type { ClassSamples } from "./class-samples.ts";

export interface SampledLossOptions extends ReductionOptions {
  /** The classes that stand for all others: from `logUniformSampler`, or ids with expected counts of one's own. */
  readonly samples: ClassSamples;
  /** Added to the logits, `[C]`. Default none. */
  readonly linearBias?: TensorArg;
  /** Whether a sampled class that is the row's target is left out of that row. */
  readonly removeAccidentalHits?: boolean;
  /** Whether the logarithm of its expected count is taken from every logit, so that the sample stands for all classes. Default true. */
  readonly subtractLogCounts?: boolean;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
}

/** The logits of a row's target `[N]` and of the sampled classes `[N, S]`, in float64. */
export interface SampledLogits {
  readonly own: Tensor;
  readonly sampled: Tensor;
}

/** Rows against their targets and the sampled classes, made losses by `formula`. Only the rows of the matrix that take part are read. */
export function sampledRows(
  op: string,
  args: readonly [input: TensorArg, linearWeight: TensorArg, target: TensorArg],
  options: SampledLossOptions & { readonly removeAccidentalHits: boolean },
  formula: (logits: SampledLogits) => Tensor,
): Losses {
  const { ignoreIndex = -100, linearBias, samples } = options;
  const [input, weight, labels] = [asTensor(args[0]), asTensor(args[1]), asIndexTensor(args[2])];
  checkRows(op, input, weight, labels, ignoreIndex);
  const ids = sampleIds(op, samples, weight);
  const bias = linearBias === undefined ? undefined : biasOf(op, asTensor(linearBias), weight);
  const kept = labels.ne(ignoreIndex).flatten();
  const target = where(kept, labels.to("int64").flatten(), 0);
  const x = where(unsqueeze(kept, 1), input.reshape([labels.size, weight.shape[1]!]), 0);
  const [rows, owns, others] = doubles(x, indexSelect(weight, 0, target), indexSelect(weight, 0, ids));
  const shift = (classes: Tensor) => logitShift(classes, bias, options, rows);
  const own = rows.mul(owns).sum(1).add(shift(target));
  const sampled = matmul(rows, others.t()).add(shift(ids));
  const logits = options.removeAccidentalHits
    ? where(unsqueeze(target, 1).eq(ids), Number.NEGATIVE_INFINITY, sampled)
    : sampled;
  const losses = where(kept, formula({ own, sampled: logits }), 0);
  return { losses: losses.reshape(labels.shape), divisor: kept.to(rows.dtype).sum() };
}

/** What is added to the logits of these classes: their bias, less the logarithms of their expected counts. */
function logitShift(
  ids: Tensor,
  linearBias: Tensor | undefined,
  { samples, subtractLogCounts = true }: SampledLossOptions,
  { dtype }: Tensor,
): Tensor {
  const none = zeros([], { dtype });
  const bias = linearBias === undefined ? none : indexSelect(linearBias.to(dtype), 0, ids);
  return subtractLogCounts ? bias.sub(samples.expectedCount(ids).log().to(dtype)) : bias;
}

function biasOf(op: string, bias: Tensor, weight: Tensor): Tensor {
  if (bias.ndim === 1 && bias.size === weight.shape[0]) return bias;
  throw new ShapeError({
    op,
    rule: "the linear bias must have one number for each class",
    received: formatShape(bias.shape),
    expected: formatShape([weight.shape[0]!]),
  });
}

function sampleIds(op: string, samples: ClassSamples | undefined, weight: Tensor): Tensor {
  if (samples === undefined) {
    throw new ArgumentError({
      op,
      rule: "samples are missing",
      hint: "Draw some: logUniformSampler(classes)(64)",
    });
  }
  const ids = asIndexTensor(samples.ids).to("int64");
  const classes = weight.shape[0]!;
  const bad = isTracing() ? undefined : (ids.data() as BigInt64Array).find((id) => id < 0n || id >= BigInt(classes));
  if (bad === undefined) return ids;
  throw new IndexOutOfRangeError({
    op,
    rule: "a sample is not a class",
    received: String(bad),
    expected: `0 to ${classes - 1}`,
  });
}

function checkRows(op: string, x: Tensor, weight: Tensor, t: Tensor, ignoreIndex: number): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError({ op, rule: "takes floating elements", received: x.dtype });
  }
  if (weight.ndim !== 2 || weight.shape[1] !== x.shape.at(-1)) {
    throw new ShapeError({
      op,
      rule: "the weight must have one row of features for each class",
      received: `weight ${formatShape(weight.shape)} for input ${formatShape(x.shape)}`,
      expected: `[C, ${x.shape.at(-1) ?? "D"}]`,
    });
  }
  const rows = x.shape.slice(0, -1);
  // The check looks at the targets alone, so that one number stands for all logits.
  const logits = zeros(rows.map(() => 1).concat(1)).expand([...rows, weight.shape[0]!]);
  checkClassTargets(op, logits, t, { dim: rows.length, ignoreIndex });
}
