import { type Tensor, type TensorArg, unsqueeze, where } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { type ClipOptions, checkClip, clippedObjective } from "./clipped-ratio.ts";
import { KL_CAP, klEstimate } from "./policy-kl-loss.ts";
import { maskedTokens } from "./tokens.ts";

const OP = "grpoLoss";
const AGGREGATIONS = ["grpo", "drGrpo", "dapo", "bnpo", "luspo"] as const;
const OBJECTIVES = ["clip", "cispo", "sapo"] as const;
// e^x is so great by then that the sigmoid of it is 1 in float64: bounding x there changes nothing but infinity * 0.
const SATURATED = 50;

export interface GRPOLossOptions extends ReductionOptions, ClipOptions {
  /** Which tokens count (bool, `[N, T]`). Default all. */
  readonly mask?: TensorArg;
  /**
   * What the mean is one of. "grpo": of each sequence's mean over its tokens. "drGrpo": of each sequence's sum over `maxLength`. "luspo": of each
   * sequence's sum. "bnpo": of all tokens of this batch. "dapo": of all tokens, over `totalTokens`. Default "grpo".
   */
  readonly aggregation?: (typeof AGGREGATIONS)[number];
  /** Whose ratio is clipped: each token's, or (GSPO) the geometric mean of the sequence's. Default "token". */
  readonly importance?: "token" | "sequence";
  /**
   * "clip": PPO's. "cispo": the ratio, at most `1 + clipHigh`, is a constant weight of the log-probability. "sapo": a sigmoid of the ratio instead of a
   * bound. Default "clip".
   */
  readonly objective?: (typeof OBJECTIVES)[number];
  /** SAPO's temperatures for positive and for negative advantages. Default 1 and 1.05. */
  readonly temperatures?: readonly [positive: number, negative: number];
  /** Log-probabilities of the tokens under the reference, `[N, T]`; needed with a `beta`. */
  readonly referenceLogProbs?: TensorArg;
  /** Weight of the divergence from the reference (k3). Default 0. */
  readonly beta?: number;
  /** What "drGrpo" divides each sequence by: the longest possible one. Default T. */
  readonly maxLength?: number;
  /** What "dapo" divides by, where the batch is only a part: the tokens of all parts. Default those that count here. */
  readonly totalTokens?: number;
}

/**
 * Group relative policy optimization and its successors:
 *
 *     token loss = -min(r A, clip(r, 1 - clip, 1 + clipHigh) A) + beta (e^d - 1 - d),    d = log reference - log policy
 *
 * with the ratio `r = e^(log policy - log old policy)` and one advantage A a sequence (`groupAdvantages`).
 *
 * Shapes: log-probabilities of the tokens under the policy and under the one that wrote them `[N, T]` (`sequenceLogProbs` with `reduction: "none"`);
 * advantages `[N]`, or `[N, T]`. To a scalar; with `reduction: "none"` what the mean is one of, `[N]` or `[N, T]`.
 *
 * | method | options |
 * |---|---|
 * | GRPO | `{ beta: 0.04, referenceLogProbs }` |
 * | Dr. GRPO | `{ aggregation: "drGrpo" }`, advantages with `scale: "none"` |
 * | DAPO | `{ aggregation: "dapo", clipHigh: 0.28 }` |
 * | GSPO | `{ importance: "sequence", clip: 3e-4, clipHigh: 4e-4 }` |
 * | CISPO | `{ objective: "cispo", aggregation: "dapo", clipHigh: 4 }` |
 * | SAPO | `{ objective: "sapo" }` |
 * | LUSPO | `{ aggregation: "luspo", importance: "sequence" }` |
 *
 * Ratios are bounded before the exponential and the divergence stays finite (see `policyKlLoss`): no overflow, whatever lies in padding.
 * A sequence without tokens that count has loss 0 and counts as a sequence.
 * Source: Shao et al., "DeepSeekMath" (2024), arXiv 2402.03300; Dr. GRPO: Liu et al. (2025), arXiv 2503.20783; DAPO: Yu et al. (2025), arXiv 2503.14476; GSPO:
 * Zheng et al. (2025), arXiv 2507.18071; CISPO: MiniMax-M1 (2025), arXiv 2506.13585; SAPO: Gao et al. (2025), arXiv 2511.20347.
 * Differs from TRL: "grpo" is the default aggregation, as in the paper ("dapo" there); CISPO's bound is `1 + clipHigh`, as in its paper.
 * @throws ArgumentError for options that cannot be used, or a beta without a reference; ShapeError.
 * @example grpoLoss([[-1, -2], [-1, -1]], [[-1, -2], [-2, -1]], [1, -1]).item() // 0.4295704662799835
 */
export const grpoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (logProbs: TensorArg, oldLogProbs: TensorArg, advantages: TensorArg, options: GRPOLossOptions) => {
    check(options);
    const { beta = 0, referenceLogProbs, mask } = options;
    const named = { logProbs, oldLogProbs, ...(beta !== 0 && { referenceLogProbs: referenceLogProbs! }) };
    const { tensors, kept } = maskedTokens(OP, named, mask);
    const [now, old, reference] = tensors as [Tensor, Tensor, Tensor | undefined];
    checkMatrix(now);
    const a = perToken(advantages, now, kept);
    const policy = objectiveOf(now, logRatio(now.sub(old), kept, options), a, options);
    const tokens = reference === undefined ? policy : policy.add(klEstimate(now, reference, "k3", KL_CAP).mul(beta));
    return aggregate(kept === undefined ? tokens : where(kept, tokens, 0), kept, options);
  },
);

/** `grpoLoss` with its options kept. */
export const GRPOLoss = /* @__PURE__ */ lossClass("GRPOLoss", grpoLoss);

function check(options: GRPOLossOptions): void {
  const {
    aggregation = "grpo",
    importance = "token",
    objective = "clip",
    beta = 0,
    temperatures = [1, 1.05],
  } = options;
  checkOneOf(OP, "aggregation", aggregation, AGGREGATIONS);
  checkOneOf(OP, "importance", importance, ["token", "sequence"]);
  checkOneOf(OP, "objective", objective, OBJECTIVES);
  checkClip(OP, options);
  for (const temperature of temperatures) checkPositive(OP, "temperatures", temperature);
  checkOption(OP, "beta", beta, "0 without referenceLogProbs", beta === 0 || options.referenceLogProbs !== undefined);
  if (options.maxLength !== undefined) checkPositive(OP, "maxLength", options.maxLength);
  if (options.totalTokens !== undefined) checkPositive(OP, "totalTokens", options.totalTokens);
}

function checkMatrix(logProbs: Tensor): void {
  checkOption(OP, "logProbs", logProbs.shape, "sequences of tokens, [N, T]", logProbs.ndim === 2);
}

function perToken(advantages: TensorArg, like: Tensor, kept: Tensor | undefined): Tensor {
  const [given] = realDoubles(advantages);
  const a = given.ndim === 1 && given.shape[0] === like.shape[0] ? unsqueeze(given, 1).expand(like.shape) : given;
  checkSameShape(OP, { logProbs: like, advantages: a });
  return kept === undefined ? a : where(kept, a, 0);
}

/** The logarithm of the ratio of each token, or of its sequence. */
function logRatio(x: Tensor, kept: Tensor | undefined, { importance = "token" }: GRPOLossOptions): Tensor {
  if (importance === "token") return x;
  const mean = x.sum(1, { keepdim: true }).div(tokensOf(x, kept));
  return mean.expand(x.shape);
}

/** The number of tokens of each sequence, `[N, 1]`, at least 1. */
function tokensOf(x: Tensor, kept: Tensor | undefined): Tensor | number {
  if (kept === undefined) return Math.max(1, x.shape[1]!);
  return kept.to(x.dtype).sum(1, { keepdim: true }).clamp({ min: 1 });
}

function objectiveOf(now: Tensor, x: Tensor, a: Tensor, options: GRPOLossOptions): Tensor {
  const { objective = "clip", clip = 0.2, clipHigh = clip, temperatures = [1, 1.05] } = options;
  if (objective === "clip") return clippedObjective(x, a, options);
  if (objective === "cispo") {
    const weight = x
      .clamp({ max: Math.log1p(clipHigh) })
      .exp()
      .detach();
    return weight.mul(a).mul(now).neg();
  }
  const [positive, negative] = temperatures;
  const excess = x.clamp({ max: SATURATED }).exp().sub(1);
  const soft = (temperature: number) =>
    excess
      .mul(temperature)
      .sigmoid()
      .mul(4 / temperature);
  return where(a.gt(0), soft(positive), soft(negative)).mul(a).neg();
}

function aggregate(tokens: Tensor, kept: Tensor | undefined, options: GRPOLossOptions): Losses {
  const { aggregation = "grpo", maxLength = Math.max(1, tokens.shape[1]!), totalTokens } = options;
  if (aggregation === "bnpo" || aggregation === "dapo") {
    const counted = kept === undefined ? tokens.size : kept.to(tokens.dtype).sum();
    return { losses: tokens, divisor: aggregation === "dapo" ? (totalTokens ?? counted) : counted };
  }
  const sums = tokens.sum(1);
  if (aggregation === "luspo") return { losses: sums };
  if (aggregation === "drGrpo") return { losses: sums.div(maxLength) };
  const count = tokensOf(tokens, kept);
  return { losses: sums.div(typeof count === "number" ? count : count.squeeze(1)) };
}
