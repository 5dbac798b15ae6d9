import { arange, asIndexTensor, checkClassTargets, type TensorArg, where, zeros } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { checkVectors, classWeightLossClass } from "./define-class-weight-loss.ts";
import { atLeastOne, countOf, logOnePlusSum } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface ProxyAnchorLossOptions extends ReductionOptions {
  /** What similarities are multiplied by. Default 32. */
  readonly alpha?: number;
  /** Positives should be above it, negatives below its opposite. Default 0.1. */
  readonly margin?: number;
  /** Embeddings with this target take no part. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * Proxy-Anchor loss: every proxy (the vector of a class) is an anchor, against all embeddings of the batch at once.
 *
 *     loss = mean over proxies with positives of log(1 + sum over x of the class of e^(-alpha (s - margin)))
 *          + mean over all proxies of log(1 + sum over the other x of e^(alpha (s + margin)))
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, proxies `[C, D]`; to a scalar, or `[C]` with `reduction: "none"` ("sum" is their sum): both terms of each proxy. s is
 * the cosine. A batch without embeddings has loss 0. Nothing overflows: the 1 is inside the log-sum-exp.
 * Source: Kim et al., "Proxy Anchor Loss for Deep Metric Learning" (2020), arXiv 2003.13911, equation 4. With the proxies as a parameter: `ProxyAnchorLoss`.
 * @throws ArgumentError for an alpha that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example proxyAnchorLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]], { alpha: 2 }).item() // 0.9511165022850037
 */
export const proxyAnchorLoss = /* @__PURE__ */ lossFunction(
  "proxyAnchorLoss",
  (embeddings: TensorArg, target: TensorArg, proxies: TensorArg, options: ProxyAnchorLossOptions): Losses => {
    const { alpha = 32, margin = 0.1, ignoreIndex = -100, reduction = "mean" } = options;
    checkPositive("proxyAnchorLoss", "alpha", alpha);
    checkOption("proxyAnchorLoss", "margin", String(margin), "a number", Number.isFinite(margin));
    const [x, w] = doubles(embeddings, proxies);
    const y = asIndexTensor(target);
    checkVectors("proxyAnchorLoss", x, w, 2);
    const classes = w.shape[0]!;
    const shape = [x.shape[0]!, classes] as const;
    checkClassTargets("proxyAnchorLoss", zeros([1, 1]).expand(shape), y, { dim: 1, ignoreIndex });
    const kept = y.ne(ignoreIndex);
    const s = cosineMeasure().matrix(w, where(kept.unsqueeze(1), x, 0)); // [C, N]
    const own = arange(0, classes, 1, { dtype: "int64" }).unsqueeze(1).eq(y.to("int64").unsqueeze(0)).logicalAnd(kept);
    const pull = logOnePlusSum(s.sub(margin).mul(-alpha), own);
    const push = logOnePlusSum(s.add(margin).mul(alpha), own.logicalNot().logicalAnd(kept));
    if (reduction !== "mean") return { losses: pull.add(push) };
    const present = atLeastOne(countOf(own.any(-1), s));
    return { losses: pull.div(present).add(push.div(classes)), divisor: 1 };
  },
);

/** `proxyAnchorLoss` with the proxies as its parameter, `weight` `[C, D]`. */
export const ProxyAnchorLoss = /* @__PURE__ */ classWeightLossClass<ProxyAnchorLossOptions>(
  "ProxyAnchorLoss",
  proxyAnchorLoss,
);
