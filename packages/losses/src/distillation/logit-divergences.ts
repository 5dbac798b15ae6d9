import { ArgumentError, expm1, logSoftmax, maximum } from "@tenon/numerics";
import { jensenShannonLoss } from "../classification/js-divergence.ts";
import { klDivLogits } from "../classification/kl-div-logits.ts";
import { lossClass } from "../core/loss-class.ts";
import { logitPairLoss } from "./logit-pairs.ts";

/**
 * Reverse Kullback-Leibler divergence of a student from its teacher: `loss = sum_c q_c (log q_c - log p_c)` with `q = softmax(student / T)` and
 * `p = softmax(teacher / T)`. It makes the student choose among the teacher's modes, where `klDivLogits(student, teacher)` makes it cover them all.
 *
 * Shapes: student and teacher `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; to a scalar, or the shape without classes with `reduction: "none"`. "mean"
 * divides by the number of rows that count. Exact however close the two are; infinite logits as in `klDivLogits`.
 * Source: Gu et al., "MiniLLM: Knowledge Distillation of Large Language Models" (2023), arXiv 2306.08543.
 * @throws ShapeError unless the shapes agree; ArgumentError for a temperature not above 0.
 * @example reverseKlDivergence([[2, 0]], [[0, 0]]).item() // 0.3278133273124695
 */
export const reverseKlDivergence = /* @__PURE__ */ logitPairLoss("reverseKlDivergence", (student, teacher, dim) =>
  klDivLogits(teacher, student, { dim, reduction: "none" }),
);

/** `reverseKlDivergence` with its options kept. */
export const ReverseKlDivergenceLoss = /* @__PURE__ */ lossClass("ReverseKlDivergenceLoss", reverseKlDivergence);

export interface GeneralizedJsDivergenceOptions {
  /** The teacher's share in the mixture: 0 stands for `klDivLogits(student, teacher)`, 1 for `reverseKlDivergence`. Default 0.5. */
  readonly beta: number;
}

/**
 * Generalised Jensen-Shannon divergence for distillation: `loss = beta KL(P || M) + (1 - beta) KL(Q || M)` with the mixture `M = beta P + (1 - beta) Q`, P the
 * teacher's softmax and Q the student's, at temperature T.
 *
 * Shapes: student and teacher `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; to a scalar, or the shape without classes with `reduction: "none"`. "mean"
 * divides by the number of rows that count.
 *
 * At beta 0 and 1 the divergence itself is 0. Divided by beta or 1 - beta it has the two Kullback-Leibler divergences as limits, and those are what these
 * values give here as in other libraries: a jump, not a limit.
 * Source: Agarwal et al., "On-Policy Distillation of Language Models" (2023), arXiv 2306.13649.
 * @throws ShapeError unless the shapes agree; ArgumentError for a beta outside [0, 1] or a temperature not above 0.
 * @example generalizedJsDivergence([[2, 0]], [[0, 0]], { beta: 0.25 }).item() // 0.07244394719600677
 */
export const generalizedJsDivergence = /* @__PURE__ */ logitPairLoss<GeneralizedJsDivergenceOptions>(
  "generalizedJsDivergence",
  (student, teacher, dim, { beta }) => {
    if (beta === 0) return klDivLogits(student, teacher, { dim, reduction: "none" });
    if (beta === 1) return klDivLogits(teacher, student, { dim, reduction: "none" });
    return jensenShannonLoss(student, teacher, { weights: [1 - beta, beta], dim, reduction: "none" });
  },
  { beta: 0.5 },
  ({ beta }) => {
    if (beta >= 0 && beta <= 1) return;
    throw new ArgumentError({ op: "generalizedJsDivergence", rule: "beta must lie in [0, 1]", received: String(beta) });
  },
);

/** `generalizedJsDivergence` with its options kept. */
export const GeneralizedJsDivergenceLoss = /* @__PURE__ */ lossClass(
  "GeneralizedJsDivergenceLoss",
  generalizedJsDivergence,
);

// Probability 0 is a logarithm so low that it stays 0, and finite, so that differences exist.
const LOWEST = -1e30;

/**
 * Total variation distance between a student's softmax and its teacher's: `loss = sum_c |p_c - q_c| / 2`, from 0 to 1, at temperature T.
 *
 * Shapes: student and teacher `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; to a scalar, or the shape without classes with `reduction: "none"`. "mean"
 * divides by the number of rows that count. Each term is `max(p, q) (1 - exp(-|log p - log q|))`, which keeps the digits of close distributions; where they are equal the
 * gradient is 0.
 * @throws ShapeError unless the shapes agree; ArgumentError for a temperature not above 0.
 * @example totalVariationDistance([[2, 0]], [[0, 0]]).item() // 0.3807970881462097
 */
export const totalVariationDistance = /* @__PURE__ */ logitPairLoss(
  "totalVariationDistance",
  (student, teacher, dim) => {
    const [q, p] = [student, teacher].map((z) => logSoftmax(z, dim).clamp({ min: LOWEST }));
    const gap = expm1(p!.sub(q!).abs().neg()).neg();
    return maximum(p!, q!).exp().mul(gap).sum(dim).div(2);
  },
);

/** `totalVariationDistance` with its options kept. */
export const TotalVariationDistanceLoss = /* @__PURE__ */ lossClass(
  "TotalVariationDistanceLoss",
  totalVariationDistance,
);
