import { amax, relu, type Tensor, unsqueeze, where } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { otherClasses } from "./other-classes.ts";

/** The greatest score of a class that is not the target; -infinity if there is no other. */
function rival(rows: ClassRows): Tensor {
  return amax(where(otherClasses(rows), rows.logits, Number.NEGATIVE_INFINITY), rows.dim);
}

/** By how much the rival lies above the target. */
function lead(rows: ClassRows): Tensor {
  return rival(rows).sub(rows.atTarget(rows.logits));
}

export interface MulticlassHingeLossOptions {
  /** How far the target's score must lie above the others. Default 1. */
  readonly margin: number;
  /** Which others count: the greatest ("crammer-singer") or all ("weston-watkins"). Default "crammer-singer". */
  readonly form: "crammer-singer" | "weston-watkins";
}

/**
 * Hinge loss of scores against class indices, over the classes j that are not the target y:
 *
 *     crammer-singer: loss = max(0, margin + max over j of z_j - z_y)
 *     weston-watkins: loss = sum over j of max(0, margin + z_j - z_y)
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. Weston and Watkins' form is C times PyTorch's multi margin loss. Classes that share the lead share the gradient.
 * Source: Crammer and Singer, "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines" (2001); Weston and Watkins, "Support Vector Machines for
 * Multi-Class Pattern Recognition" (1999).
 * @throws ArgumentError for an unknown form; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example multiclassHingeLoss([[2, 1.5, 1.25]], [0]).item() // 0.5
 */
export const multiclassHingeLoss = /* @__PURE__ */ defineClassLoss<MulticlassHingeLossOptions>(
  "multiclassHingeLoss",
  (rows, { margin, form }) => {
    if (form === "crammer-singer") return relu(lead(rows).add(margin));
    const leads = rows.logits.sub(unsqueeze(rows.atTarget(rows.logits), rows.dim));
    return where(otherClasses(rows), relu(leads.add(margin)), 0).sum(rows.dim);
  },
  {
    defaults: { margin: 1, form: "crammer-singer" },
    check: (_rows, { form }) => checkOneOf("multiclassHingeLoss", "form", form, ["crammer-singer", "weston-watkins"]),
  },
);

/** `multiclassHingeLoss` with its options kept. */
export const MulticlassHingeLoss = /* @__PURE__ */ lossClass("MulticlassHingeLoss", multiclassHingeLoss);

/**
 * Perceptron loss of scores against class indices: `loss = max(0, max over j != y of z_j - z_y)`. Shapes and errors as `multiclassHingeLoss`.
 * Source: Collins, "Discriminative Training Methods for Hidden Markov Models" (2002).
 * @example multiclassPerceptronLoss([[2, 1.5, 2.25]], [0]).item() // 0.25
 */
export const multiclassPerceptronLoss = /* @__PURE__ */ defineClassLoss("multiclassPerceptronLoss", (rows) =>
  relu(lead(rows)),
);

/** `multiclassPerceptronLoss` with its options kept. */
export const MulticlassPerceptronLoss = /* @__PURE__ */ lossClass("MulticlassPerceptronLoss", multiclassPerceptronLoss);

/**
 * Keras's categorical hinge: `loss = max(0, 1 + max(0, max over j != y of z_j) - z_y)`. Where every other score is below 0 it takes 0 for the greatest, which
 * `multiclassHingeLoss` does not: use that unless the numbers must be Keras's. Shapes and errors as there.
 * @example categoricalHingeLoss([[0.5, -3, -2]], [0]).item() // 0.5
 */
export const categoricalHingeLoss = /* @__PURE__ */ defineClassLoss("categoricalHingeLoss", (rows) =>
  relu(relu(rival(rows)).sub(rows.atTarget(rows.logits)).add(1)),
);

/** `categoricalHingeLoss` with its options kept. */
export const CategoricalHingeLoss = /* @__PURE__ */ lossClass("CategoricalHingeLoss", categoricalHingeLoss);
