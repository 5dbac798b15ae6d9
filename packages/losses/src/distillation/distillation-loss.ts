import {
  ArgumentError,
  asClassTarget,
  isFloatingPoint,
  isTracing,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import type { CrossEntropyOptions } from "../classification/cross-entropy.ts";
import { crossEntropyRows } from "../classification/cross-entropy-rows.ts";
import { klDivLogits } from "../classification/kl-div-logits.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { type Losses, singleLosses } from "../core/reduction.ts";
import { checkTemperature, logitPair, warmed } from "./logit-pairs.ts";

export interface DistillationLossOptions extends Omit<CrossEntropyOptions, "weight" | "sampleWeight" | "normalize"> {
  /** What both sides' logits are divided by in the soft part, so that its small probabilities tell more. Default 2. */
  readonly temperature?: number;
  /** Share of the soft part, from 0 to 1. Default 0.5. */
  readonly alpha?: number;
}

const OP = "distillationLoss";

/**
 * Knowledge distillation: what the student's softmax lacks to the teacher's at temperature T, plus cross entropy with the labels,
 *
 *     loss = alpha T^2 KL(softmax(teacher / T) || softmax(student / T)) + (1 - alpha) crossEntropy(student, target)
 *
 * Shapes: student and teacher `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; target class indices `[]`, `[N]`, `[N, d1, ...]`, or probabilities of the
 * logits' shape; to a scalar, or the indices' shape with `reduction: "none"`. T^2 makes up for the soft part's gradient, which shrinks by as much. "mean"
 * divides by the number of rows that count. Gradients flow to both sides: `teacher.detach()` holds the teacher. Other options are `crossEntropy`'s.
 *
 * The divergence is a sum of positive terms (see `klDivLogits`), so that a student close to its teacher keeps the digits of what is missing.
 * Source: Hinton et al., "Distilling the Knowledge in a Neural Network" (2015), arXiv 1503.02531.
 * @throws ArgumentError for a temperature not above 0 or an alpha outside [0, 1]; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example distillationLoss([[2, 0]], [[1, 1]], [0]).item() // 0.303693026304245
 */
export const distillationLoss = /* @__PURE__ */ lossFunction(
  OP,
  (student: TensorArg, teacher: TensorArg, target: TensorArg, options: DistillationLossOptions): Losses => {
    const { temperature = 2, alpha = 0.5, ...hard } = options;
    checkTemperature(OP, temperature);
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new ArgumentError({ op: OP, rule: "alpha must lie in [0, 1]", received: String(alpha) });
    }
    const [x, y, dim] = logitPair(OP, student, teacher, options.dim);
    const labels = asClassTarget(x, target);
    const made = crossEntropyRows(OP, x, labels, hard);
    const given = singleLosses(made);
    const kept = isFloatingPoint(labels.dtype) ? undefined : labels.ne(options.ignoreIndex ?? -100);
    const [a, b] = [x, y].map((z) => warmed(countedOnly(z, kept, dim), temperature)) as [Tensor, Tensor];
    const soft = klDivLogits(a, b, { dim, reduction: "none" }).mul(alpha * temperature * temperature);
    const counted = kept === undefined ? soft : where(kept, soft, 0);
    return { losses: alpha === 1 ? counted : given.mul(1 - alpha).add(counted), divisor: made.divisor };
  },
);

// Rows that are ignored become 0, so that no infinity in them meets a gradient of 0.
function countedOnly(logits: Tensor, kept: Tensor | undefined, dim: number): Tensor {
  if (kept === undefined || (!isTracing() && kept.all().item() === true)) return logits;
  return where(unsqueeze(kept, dim), logits, 0);
}

/** `distillationLoss` with its options kept. */
export const DistillationLoss = /* @__PURE__ */ lossClass("DistillationLoss", distillationLoss);
