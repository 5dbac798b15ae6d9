import { ArgumentError, logSoftmax, max, type Tensor, where } from "@tenon/numerics";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface BootstrappedCrossEntropyOptions {
  /** What is mixed into the target: the model's own probabilities, or its favourite class. Default "soft". */
  readonly kind: "soft" | "hard";
  /** Share of the given target, from 0 to 1. Default 0.95 for "soft" and 0.8 for "hard", the paper's. */
  readonly beta?: number;
}

/**
 * Cross entropy for noisy labels, whose target is partly what the model itself believes: `loss = -sum_c (beta t_c + (1 - beta) q_c) log p_c`, q being p
 * ("soft") or the one-hot vector of its greatest ("hard").
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count, as `crossEntropy` does.
 *
 * The gradient of "soft" flows through q too, as the paper's does: its second term is the entropy of p, and to hold q still would leave that term without any
 * gradient. A class of probability 0 adds nothing to the entropy, infinite logits included.
 * Source: Reed et al., "Training Deep Neural Networks on Noisy Labels with Bootstrapping" (2014), arXiv 1412.6596.
 * @throws ArgumentError for an unknown kind or a beta outside [0, 1]; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example bootstrappedCrossEntropy([[1, 0]], [1], { kind: "hard" }).item() // 1.1132616996765137
 */
export const bootstrappedCrossEntropy = /* @__PURE__ */ defineClassLoss<BootstrappedCrossEntropyOptions>(
  "bootstrappedCrossEntropy",
  (rows, { kind, beta = defaultBeta(kind) }) => {
    const given = rows.crossEntropy();
    if (beta === 1) return given;
    const own = kind === "soft" ? entropy(rows) : surpriseOfBest(rows);
    return beta === 0 ? own : given.mul(beta).add(own.mul(1 - beta));
  },
  { defaults: { kind: "soft" }, check: checkOptions },
);

function defaultBeta(kind: "soft" | "hard"): number {
  return kind === "soft" ? 0.95 : 0.8;
}

function entropy({ logits, dim }: ClassRows): Tensor {
  const logs = logSoftmax(logits, dim);
  const possible = logs.ne(Number.NEGATIVE_INFINITY);
  const finite = where(possible, logs, 0);
  return where(possible, finite.exp().mul(finite), 0).sum(dim).neg();
}

function surpriseOfBest({ logits, dim }: ClassRows): Tensor {
  return max(logSoftmax(logits, dim), dim).values.neg();
}

function checkOptions(_rows: ClassRows, { kind, beta = defaultBeta(kind) }: BootstrappedCrossEntropyOptions): void {
  const op = "bootstrappedCrossEntropy";
  if (!(beta >= 0 && beta <= 1)) {
    throw new ArgumentError({ op, rule: "beta must lie in [0, 1]", received: String(beta) });
  }
  if (kind === "soft" || kind === "hard") return;
  throw new ArgumentError({ op, rule: "unknown kind", received: JSON.stringify(kind), expected: '"soft", "hard"' });
}

/** `bootstrappedCrossEntropy` with its options kept. */
export const BootstrappedCrossEntropyLoss = /* @__PURE__ */ lossClass(
  "BootstrappedCrossEntropyLoss",
  bootstrappedCrossEntropy,
);
