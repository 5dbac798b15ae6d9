import {
  ArgumentError,
  asClassTarget,
  classDim,
  exp,
  expm1,
  formatShape,
  isFloatingPoint,
  isTracing,
  log1p,
  logSoftmax,
  ShapeError,
  select,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { type Losses, singleLosses } from "../core/reduction.ts";
import type { CrossEntropyOptions } from "./cross-entropy.ts";
import { crossEntropyRows } from "./cross-entropy-rows.ts";
import { excess } from "./excess.ts";

export interface JensenShannonOptions {
  /** Share of each distribution in the mixture, 0 or more; divided by their sum. Default equal. */
  readonly weights?: readonly number[];
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Jensen-Shannon divergence of two distributions given by logits: with P and Q their softmaxes and `M = w_1 P + w_2 Q`,
 * `loss = w_1 KL(P || M) + w_2 KL(Q || M)`, at most log 2.
 *
 * Shapes: input and target alike, `[C]`, `[N, C]` or `[N, C, d1, ...]`; gives a scalar, or the shape without classes with `reduction: "none"`. Logarithms of
 * probabilities are logits, too. Gradients flow to both sides; `detach()` one to hold it.
 *
 * Every class adds `p (d + expm1(-d))`, d = log p - log m, which is never below 0 and does not cancel where P and Q are close; d comes from the difference
 * of the logarithms, and M is never divided by: no clamp is needed. Classes of probability 0 add their limit.
 * Source: Lin, "Divergence measures based on the Shannon entropy" (1991).
 * @throws ShapeError unless the shapes agree; ArgumentError for weights that are not two, or negative.
 * @example jensenShannonLoss([[0, 0]], [[100, 0]]).item() // 0.21576155722141266
 */
export const jensenShannonLoss = /* @__PURE__ */ lossFunction(
  "jensenShannonLoss",
  (input: TensorArg, target: TensorArg, options: JensenShannonOptions): Tensor => {
    const op = "jensenShannonLoss";
    const [x, y] = doubles(input, target);
    checkSameShape(op, { input: x, target: y });
    return divergence([x, y], shares(op, 2, options.weights), classDim(op, x, options.dim));
  },
);

/** `jensenShannonLoss` with its options kept. */
export const JensenShannonLoss = /* @__PURE__ */ lossClass("JensenShannonLoss", jensenShannonLoss);

/**
 * Jensen-Shannon divergence of V views of the same rows: `loss = sum over v of w_v KL(P_v || M)`, `M = sum over v of w_v P_v`; at most log V. Otherwise as
 * `jensenShannonLoss`.
 *
 * Shapes: input `[V, N, C]` or `[V, N, C, d1, ...]`, the views stacked; `dim` counts without them. Gives a scalar, or `[N, d1, ...]` with `reduction: "none"`.
 * Source: Lin, "Divergence measures based on the Shannon entropy" (1991).
 * @throws ShapeError for fewer dimensions; ArgumentError for weights that are not V, or negative.
 * @example jensenShannonConsistencyLoss([[[100, 0, 0]], [[0, 100, 0]], [[0, 0, 100]]]).item() // 1.0986123085021973
 */
export const jensenShannonConsistencyLoss = /* @__PURE__ */ lossFunction(
  "jensenShannonConsistencyLoss",
  (input: TensorArg, { weights, dim }: JensenShannonOptions): Tensor => {
    const op = "jensenShannonConsistencyLoss";
    const [x] = doubles(input);
    const views = viewsOf(op, x);
    return divergence(views, shares(op, views.length, weights), classDim(op, views[0]!, dim));
  },
);

/** `jensenShannonConsistencyLoss` with its options kept. */
export const JensenShannonConsistencyLoss = /* @__PURE__ */ lossClass(
  "JensenShannonConsistencyLoss",
  jensenShannonConsistencyLoss,
);

export interface AugMixLossOptions extends Omit<CrossEntropyOptions, "weight" | "sampleWeight" | "normalize"> {
  /** Factor of the divergence. Default 12. */
  readonly alpha?: number;
}

/**
 * AugMix: cross entropy of the first, clean view, plus alpha times the Jensen-Shannon divergence of all views.
 *
 * Shapes: input `[V, N, C]` or `[V, N, C, d1, ...]`, the views stacked, the clean one first; target as `crossEntropy` has it for one view. Gives a scalar, or the
 * shape of class indices with `reduction: "none"`. A batch with the views one after the other is `x.reshape([V, N, C])`. Ignored rows have neither part.
 * Source: Hendrycks et al., "AugMix" (2020), arXiv 1912.02781.
 * Differs from timm: no clamp of the mixture at 1e-7; no label smoothing unless asked for (0.1 there).
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example augMixLoss([[[2, 0]], [[1, 0]], [[1, 1]]], [0]).item() // 0.853934645652771
 */
export const augMixLoss = /* @__PURE__ */ lossFunction(
  "augMixLoss",
  (input: TensorArg, target: TensorArg, { alpha = 12, ...options }: AugMixLossOptions): Losses => {
    const op = "augMixLoss";
    const [x] = doubles(input);
    const views = viewsOf(op, x);
    const clean = views[0]!;
    const made = crossEntropyRows(op, clean, target, options);
    const entropy = singleLosses(made);
    const apart = divergence(views, shares(op, views.length, undefined), classDim(op, clean, options.dim)).mul(alpha);
    const labels = asClassTarget(clean, target);
    const counted = isFloatingPoint(labels.dtype) ? apart : where(labels.ne(options.ignoreIndex ?? -100), apart, 0);
    return { losses: entropy.add(counted), divisor: made.divisor };
  },
);

/** `augMixLoss` with its options kept. */
export const AugMixLoss = /* @__PURE__ */ lossClass("AugMixLoss", augMixLoss);

function viewsOf(op: string, x: Tensor): Tensor[] {
  if (x.ndim >= 2 && x.shape[0]! > 0) return Array.from({ length: x.shape[0]! }, (_, v) => select(x, 0, v));
  throw new ShapeError({
    op,
    rule: "the views must be stacked in the first dimension",
    received: formatShape(x.shape),
    expected: "[V, N, C], V above 0",
  });
}

function shares(op: string, count: number, weights: readonly number[] = Array(count).fill(1)): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (weights.length === count && weights.every((w) => w >= 0) && total > 0) return weights.map((w) => w / total);
  throw new ArgumentError({
    op,
    rule: "there must be one weight for each distribution",
    received: `[${weights.join(", ")}]`,
    expected: `${count} numbers of 0 or more, not all 0`,
  });
}

/** The weighted Jensen-Shannon divergence along `dim`. */
function divergence(all: readonly Tensor[], given: readonly number[], dim: number): Tensor {
  const [logits, weights] = [all.filter((_, i) => given[i]! > 0), given.filter((w) => w > 0)];
  // Probability 0 is a logarithm so low that it stays 0, and finite, so that differences exist.
  const logs = logits.map((z) => logSoftmax(z, dim).clamp({ min: -1e30 }));
  const shares = logs.map((l) => exp(l));
  const mixture = shares.map((p, i) => p.mul(weights[i]!)).reduce((a, b) => a.add(b));
  const terms = logs.map((own, i) => {
    // log(m / p) = log(1 + sum of w (q / p - 1)). Beyond the bound p is nothing beside m.
    const others = logs.flatMap((other, j) =>
      j === i ? [] : [expm1(other.sub(own).clamp({ max: farthest() })).mul(weights[j]!)],
    );
    const gap = others.length === 0 ? own.sub(own) : log1p(others.reduce((a, b) => a.add(b))).neg();
    const close = shares[i]!.mul(excess(gap.clamp({ min: -1 })));
    const wide = shares[i]!.mul(gap.sub(1)).add(mixture);
    return where(gap.lt(-1), wide, close).mul(weights[i]!);
  });
  // What has no share gets a gradient of 0, and shows NaN.
  const unused = all.filter((_, i) => given[i] === 0).map((z) => where(z.ne(z), z, 0));
  return [...terms, ...unused].reduce((a, b) => a.add(b)).sum(dim);
}

// A trace computes in the model's own dtype, which may be float32.
function farthest(): number {
  return isTracing() ? 80 : 700;
}
