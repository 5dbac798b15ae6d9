import { ArgumentError, expm1, logSoftmax, type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkNotNegative } from "./logistic.ts";
import { otherClasses } from "./other-classes.ts";
import { heldBack } from "./power-of.ts";

// Losses for labels some of which are wrong. All take rows of logits and class indices: input `[C]`, `[N, C]` or `[N, C, d1, ...]`, target `[]`, `[N]`, `[N, d1, ...]`.

export interface ReverseCrossEntropyOptions {
  /** What stands for log 0, below 0. Default -4. */
  readonly logZero: number;
}

/** `-logZero (1 - p_y)`: the cross entropy of a one-hot target from the prediction. */
function reverse(rows: ClassRows, logZero: number): Tensor {
  return expm1(rows.crossEntropy().neg()).mul(logZero);
}

function checkLogZero(op: string, logZero: number): void {
  checkOption(op, "logZero", logZero, "below 0", logZero < 0);
}

/**
 * Reverse cross entropy: the target's distribution measured by the prediction, `loss = -sum_c p_c log t_c` with `logZero` for log 0, which for class indices is
 * `-logZero (1 - p_y)`. With logZero -2 it is the absolute error `sum |p - onehot(y)|`.
 *
 * Shapes as `focalLoss`. 1 - p is `-expm1(log p)`. The paper of normalised losses divides it by a constant for each number of classes: `weight`.
 * Source: Wang et al., "Symmetric Cross Entropy for Robust Learning with Noisy Labels" (2019), arXiv 1908.06112.
 * @throws ArgumentError unless logZero is below 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example reverseCrossEntropy([[2, 0]], [0]).item() // 0.4768116772174835
 */
export const reverseCrossEntropy = /* @__PURE__ */ defineClassLoss<ReverseCrossEntropyOptions>(
  "reverseCrossEntropy",
  (rows, { logZero }) => reverse(rows, logZero),
  {
    defaults: { logZero: -4 },
    precision: "input",
    check: (_rows, { logZero }) => checkLogZero("reverseCrossEntropy", logZero),
  },
);

/** `reverseCrossEntropy` with its options kept. */
export const ReverseCrossEntropyLoss = /* @__PURE__ */ lossClass("ReverseCrossEntropyLoss", reverseCrossEntropy);

export interface SymmetricCrossEntropyOptions extends ReverseCrossEntropyOptions {
  /** Factor of the cross entropy. Default 0.1, the paper's for CIFAR-10; 6 for CIFAR-100. */
  readonly alpha: number;
  /** Factor of the reverse one. Default 1; 0.1 for CIFAR-100. */
  readonly beta: number;
}

/**
 * Symmetric cross entropy: `loss = alpha * crossEntropy + beta * reverseCrossEntropy`.
 *
 * Shapes as `focalLoss`. The authors' code has logZero log(1e-4) = -9.21 where the paper has -4.
 * Source: Wang et al., "Symmetric Cross Entropy for Robust Learning with Noisy Labels" (2019), arXiv 1908.06112.
 * @throws ArgumentError for a negative factor, or unless logZero is below 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example symmetricCrossEntropy([[2, 0]], [0]).item() // 0.48950448632240295
 */
export const symmetricCrossEntropy = /* @__PURE__ */ defineClassLoss<SymmetricCrossEntropyOptions>(
  "symmetricCrossEntropy",
  (rows, { alpha, beta, logZero }) => rows.crossEntropy().mul(alpha).add(reverse(rows, logZero).mul(beta)),
  {
    defaults: { alpha: 0.1, beta: 1, logZero: -4 },
    precision: "input",
    check: (_rows, { alpha, beta, logZero }) => {
      checkNotNegative("symmetricCrossEntropy", { alpha, beta });
      checkLogZero("symmetricCrossEntropy", logZero);
    },
  },
);

/** `symmetricCrossEntropy` with its options kept. */
export const SymmetricCrossEntropyLoss = /* @__PURE__ */ lossClass("SymmetricCrossEntropyLoss", symmetricCrossEntropy);

export interface NormalizedFocalLossOptions {
  /** How much confident classes are held back; 0 is normalised cross entropy. Default 0.5. */
  readonly gamma: number;
}

/** The focal loss of the target over that of every class. */
function normalized(rows: ClassRows, gamma: number): Tensor {
  // Classes of probability 0 have all of the loss, where infinity over infinity would be no number.
  const surprise = logSoftmax(rows.logits, rows.dim).neg().clamp({ max: 1e300 });
  const each = heldBack(surprise, gamma).mul(surprise);
  const others = where(otherClasses(rows), each, 0).sum(rows.dim);
  const own = rows.atTarget(each);
  return own.div(own.add(others));
}

function checkClasses(op: string, { classes }: ClassRows): void {
  if (classes > 1) return;
  throw new ArgumentError({ op, rule: "one class alone has no loss to share", received: `${classes} class` });
}

/**
 * Normalised cross entropy: the target's share of what all classes would cost, `loss = log p_y / sum over c of log p_c`, from 0 to 1.
 *
 * Shapes as `focalLoss`. A confident right answer keeps its tiny loss; a target of probability 0 gives 1, the limit.
 * Source: Ma et al., "Normalized Loss Functions for Deep Learning with Noisy Labels" (2020), arXiv 2006.13554.
 * @throws ArgumentError for less than two classes; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example normalizedCrossEntropy([[2, 0]], [0]).item() // 0.056315936148166656
 */
export const normalizedCrossEntropy = /* @__PURE__ */ defineClassLoss(
  "normalizedCrossEntropy",
  (rows) => normalized(rows, 0),
  { check: (rows) => checkClasses("normalizedCrossEntropy", rows) },
);

/** `normalizedCrossEntropy` with its options kept. */
export const NormalizedCrossEntropyLoss = /* @__PURE__ */ lossClass(
  "NormalizedCrossEntropyLoss",
  normalizedCrossEntropy,
);

/**
 * Normalised focal loss: `loss = f(p_y) / sum over c of f(p_c)`, `f(p) = -(1 - p)^gamma log p`, from 0 to 1.
 *
 * Shapes as `focalLoss`. The gradient is that of this formula; the authors' code takes the (1 - p)^gamma as constants.
 * Source: Ma et al., "Normalized Loss Functions for Deep Learning with Noisy Labels" (2020), arXiv 2006.13554.
 * @throws ArgumentError for a negative gamma or less than two classes; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example normalizedFocalLoss([[2, 0]], [0]).item() // 0.021482208743691444
 */
export const normalizedFocalLoss = /* @__PURE__ */ defineClassLoss<NormalizedFocalLossOptions>(
  "normalizedFocalLoss",
  (rows, { gamma }) => normalized(rows, gamma),
  {
    defaults: { gamma: 0.5 },
    check: (rows, { gamma }) => {
      checkNotNegative("normalizedFocalLoss", { gamma });
      checkClasses("normalizedFocalLoss", rows);
    },
  },
);

/** `normalizedFocalLoss` with its options kept. */
export const NormalizedFocalLoss = /* @__PURE__ */ lossClass("NormalizedFocalLoss", normalizedFocalLoss);

export interface ActivePassiveLossOptions extends ReverseCrossEntropyOptions {
  /** Factor of the active part. Default 1. */
  readonly alpha: number;
  /** Factor of the passive part. Default 1. */
  readonly beta: number;
  /** Of the active part: 0 for normalised cross entropy, 0.5 for the paper's normalised focal loss. Default 0. */
  readonly gamma: number;
}

/**
 * Active passive loss: a normalised loss, which raises the target's probability, and one that lowers the others', both bounded:
 * `loss = alpha * normalizedFocalLoss + beta * reverseCrossEntropy`.
 *
 * The defaults are NCE + RCE; gamma 0.5 makes NFL + RCE; logZero -1 makes NCE + MAE and NFL + MAE as the authors' code has them (1 - p), -2 as the paper
 * (the absolute error, twice that).
 * Shapes as `focalLoss`.
 * Source: Ma et al., "Normalized Loss Functions for Deep Learning with Noisy Labels" (2020), arXiv 2006.13554.
 * @throws ArgumentError for negative alpha, beta or gamma, less than two classes, or unless logZero is below 0; ShapeError, DTypeError; IndexOutOfRangeError for a
 * target that is no class.
 * @example activePassiveLoss([[2, 0]], [0]).item() // 0.5331276059150696
 */
export const activePassiveLoss = /* @__PURE__ */ defineClassLoss<ActivePassiveLossOptions>(
  "activePassiveLoss",
  (rows, { alpha, beta, gamma, logZero }) => normalized(rows, gamma).mul(alpha).add(reverse(rows, logZero).mul(beta)),
  {
    defaults: { alpha: 1, beta: 1, gamma: 0, logZero: -4 },
    check: (rows, { alpha, beta, gamma, logZero }) => {
      checkNotNegative("activePassiveLoss", { alpha, beta, gamma });
      checkLogZero("activePassiveLoss", logZero);
      checkClasses("activePassiveLoss", rows);
    },
  },
);

/** `activePassiveLoss` with its options kept. */
export const ActivePassiveLoss = /* @__PURE__ */ lossClass("ActivePassiveLoss", activePassiveLoss);
