import {
  asClassTarget,
  asTensor,
  classDim,
  indexSelect,
  isFloatingPoint,
  isTracing,
  type SoftmaxCrossEntropyOptions,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import type { Losses } from "../core/reduction.ts";
import type { CrossEntropyOptions } from "./cross-entropy.ts";

/** Cross entropy row by row with the options that its kernel does not know, and what the mean divides by. */
export function crossEntropyRows(
  op: string,
  input: TensorArg,
  target: TensorArg,
  options: CrossEntropyOptions,
): Losses {
  const { ignoreIndex = -100, smoothingWeights = "class" } = options;
  const x = asTensor(input);
  const t = asClassTarget(x, target);
  const dim = classDim(op, x, options.dim);
  // The kernel takes weights as constants, so the divisor must, too.
  const weight = options.weight === undefined ? undefined : asTensor(options.weight).detach();
  const perRow = smoothingWeights === "sample" && !isFloatingPoint(t.dtype) ? weight : undefined;
  const call = {
    ...(weight !== undefined && perRow === undefined && { weight }),
    ignoreIndex,
    dim,
    op,
    reduction: "none" as const,
    exactRows: !isTracing(),
  };
  const factors = [
    ...(perRow === undefined ? [] : [weightOfTarget(perRow, t, ignoreIndex)]),
    ...(options.sampleWeight === undefined ? [] : [asTensor(options.sampleWeight)]),
  ];
  return {
    losses: () => factors.reduce((rows, factor) => rows.mul(factor.to(rows.dtype)), plainRows(x, t, options, call)),
    divisor: () => divisor(x, t, weight, { ...options, ignoreIndex, dim }),
  };
}

type Call = SoftmaxCrossEntropyOptions & { readonly dim: number };

function plainRows(x: Tensor, t: Tensor, options: CrossEntropyOptions, call: Call): Tensor {
  const { labelSmoothing = 0, smoothingSpread = "all" } = options;
  const classes = x.shape[call.dim]!;
  // All of it over C classes puts s / C on the right one; s C / (C - 1) of it leaves s / (C - 1) on each of the others.
  const others = smoothingSpread === "others" && classes > 1;
  const smoothing = others ? (labelSmoothing * classes) / (classes - 1) : labelSmoothing;
  if (options.classMask === undefined) return softmaxCrossEntropy(x, t, { ...call, labelSmoothing: smoothing });
  const mask = alongClasses(asTensor(options.classMask).to("bool"), x, call.dim);
  const logits = where(mask, x, Number.NEGATIVE_INFINITY);
  const rows = softmaxCrossEntropy(logits, t, call);
  if (smoothing === 0) return rows;
  const share = mask.to(x.dtype);
  const even = share.div(share.sum(call.dim, { keepdim: true })).expand(x.shape);
  const spread = softmaxCrossEntropy(logits, even, call);
  const kept = isFloatingPoint(t.dtype) ? spread : where(t.ne(call.ignoreIndex ?? -100), spread, 0);
  return rows.mul(1 - smoothing).add(kept.mul(smoothing));
}

/** `[C]` as `[1, C, 1, ...]`, so that it broadcasts to the input. */
function alongClasses(values: Tensor, x: Tensor, dim: number): Tensor {
  if (values.ndim === x.ndim && x.ndim > 1) return values;
  return values.reshape(x.shape.map((_, i) => (i === dim ? -1 : 1)));
}

function weightOfTarget(weight: Tensor, t: Tensor, ignoreIndex: number): Tensor {
  const safe = where(t.ne(ignoreIndex), t.to("int64"), 0);
  return indexSelect(weight, 0, safe.flatten()).reshape(t.shape);
}

/** The weights of the rows that count, or their number; for probabilities their number unless weights are asked for. */
function divisor(
  x: Tensor,
  t: Tensor,
  weight: Tensor | undefined,
  options: CrossEntropyOptions & { readonly ignoreIndex: number; readonly dim: number },
): Tensor | number {
  const probability = isFloatingPoint(t.dtype);
  const { normalize = probability ? "count" : "weights", sampleWeight, dim, ignoreIndex } = options;
  if (probability) {
    if (normalize === "count") return x.size / Math.max(1, x.shape[dim]!);
    const mass = (weight === undefined ? t : t.mul(alongClasses(weight, x, dim))).to("float64").sum(dim);
    return (sampleWeight === undefined ? mass : mass.mul(sampleWeight)).sum();
  }
  const kept = t.ne(ignoreIndex).to("float64");
  if (normalize === "count") return kept.sum();
  const weighed = weight === undefined ? kept : kept.mul(weightOfTarget(weight, t, ignoreIndex));
  return (sampleWeight === undefined ? weighed : weighed.mul(sampleWeight)).sum();
}
