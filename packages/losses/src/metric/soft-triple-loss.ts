import {
  asTensor,
  cdist,
  formatShape,
  isTracing,
  matmul,
  ShapeError,
  softmax,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import type { ClassLossOptions } from "../core/define-class-loss.ts";
import { doubles } from "../core/doubles.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { unitRows } from "./unit-rows.ts";

export interface SoftTripleLossOptions {
  /** What similarities are multiplied by. Default 20. */
  readonly lambda: number;
  /** How soft the choice among the vectors of a class is. Default 0.1. */
  readonly gamma: number;
  /** What is taken from the similarity of the target. Default 0.01. */
  readonly margin: number;
}

/**
 * SoftTriple: cross entropy of similarities to classes that have several vectors each.
 *
 *     loss = -log softmax(lambda * z)[y],  z_y = S_y - margin,  z_c = S_c elsewhere,  S_c = sum_k softmax_k(cos theta_ck / gamma) cos theta_ck
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, K, D]` (K vectors a class; all are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`.
 * `weight` in the options is a factor of each class. The paper adds 0.2 `softTripleRegularizer(weight)`, which pytorch-metric-learning leaves out.
 * Source: Qian et al., "SoftTriple Loss: Deep Metric Learning Without Triplet Sampling" (2019), arXiv 1909.05235. With the vectors as a parameter: `SoftTripleLoss`.
 * @throws ArgumentError for a lambda or gamma that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example softTripleLoss([[1, 0]], [0], [[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], { lambda: 2 }).item() // 0.12933316826820374
 */
export const softTripleLoss = /* @__PURE__ */ defineClassWeightLoss<SoftTripleLossOptions>(
  "softTripleLoss",
  ({ embeddings, weight, target, withTarget }, { lambda, gamma, margin }) => {
    const [classes, centers, size] = weight.shape as [number, number, number];
    const vectors = unitRows(weight).reshape([classes * centers, size]);
    const cosines = matmul(unitRows(embeddings), vectors.t()).unflatten(1, [classes, centers]);
    const similarities = softmax(cosines.div(gamma), -1).mul(cosines).sum(-1); // [N, C]
    const own = similarities.gather(1, target.unsqueeze(1)).squeeze(1);
    return withTarget(similarities, own.sub(margin)).mul(lambda);
  },
  {
    dims: 3,
    defaults: { lambda: 20, gamma: 0.1, margin: 0.01 },
    check: ({ lambda, gamma, margin }) => {
      checkPositive("softTripleLoss", "lambda", lambda);
      checkPositive("softTripleLoss", "gamma", gamma);
      checkOption("softTripleLoss", "margin", String(margin), "a number", Number.isFinite(margin));
    },
  },
);

type Options = Partial<SoftTripleLossOptions> & {
  /** How many vectors each class has. Default 10. */
  readonly centers?: number;
} & Omit<ClassLossOptions, "dim">;

/** `softTripleLoss` with the classes' vectors as its parameter, `weight` `[C, K, D]`; `centers` is K. */
export const SoftTripleLoss = /* @__PURE__ */ classWeightLossClass<Options>(
  "SoftTripleLoss",
  softTripleLoss,
  (classes, size, { centers = 10 }) => [classes, centers, size],
);

/**
 * The mean distance between the vectors of a class, over all classes, halved: added to `softTripleLoss` it merges those that are not needed.
 *
 *     sum over classes and pairs s < t of |w_cs - w_ct| / (C K (K - 1)),   w of length 1
 *
 * Shapes: weight `[C, K, D]` to a scalar; 0 for one vector a class. Vectors that have merged have gradient 0.
 * Source: Qian et al., "SoftTriple Loss: Deep Metric Learning Without Triplet Sampling" (2019), arXiv 1909.05235, equation 8. Differs from its code: no 1e-5 under the root.
 * @throws ShapeError.
 * @example softTripleRegularizer([[[1, 0], [0, 1]], [[1, 0], [1, 0]]]).item() // 0.3535533845424652
 */
export function softTripleRegularizer(weight: TensorArg): Tensor {
  const given = asTensor(weight);
  if (given.ndim !== 3) {
    throw new ShapeError({
      op: "softTripleRegularizer",
      rule: "the weight must have several vectors for each class",
      received: formatShape(given.shape),
      expected: "[C, K, D]",
    });
  }
  const [classes, centers] = given.shape as [number, number, number];
  const [w] = doubles(given);
  const vectors = unitRows(w);
  const spread = cdist(vectors, vectors)
    .sum()
    .div(Math.max(1, 2 * classes * centers * (centers - 1)));
  return isTracing() ? spread : spread.to(given.dtype);
}
