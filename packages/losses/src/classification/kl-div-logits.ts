import { asTensor, isTracing, softmaxDivergence, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";

export interface KLDivLogitsOptions extends ReductionOptions {
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Kullback-Leibler divergence between the distributions of two tensors of logits: `loss = sum over c of p_c (log p_c - log q_c)`, q = softmax(input),
 * the model's, and p = softmax(target).
 *
 * Shapes: input and target `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; to a scalar, the mean over the rows, or `[]`, `[N]`, `[N, d1, ...]` with
 * `reduction: "none"`. Never negative, and exact however close the distributions are: 1e-3 between logits shows as 1e-7, where a sum of `p log(p / q)`
 * has only noise. Gradients towards both sides are finite for finite logits: `q - p` and `p_c (log p_c - log q_c - loss)`, both without cancellation. A
 * target logit of -Infinity excludes its class; an input logit of -Infinity for a class that is not excluded costs infinity, with gradients `q - p` and
 * 0.
 * Source: Kullback and Leibler, "On Information and Sufficiency" (1951).
 * @throws ShapeError unless the shapes agree.
 * @example klDivLogits([[1, 2]], [[1, 2.001]]).item() // 9.826143099189721e-8
 */
export const klDivLogits = /* @__PURE__ */ lossFunction(
  "klDivLogits",
  (input: TensorArg, target: TensorArg, { dim }: KLDivLogitsOptions) => {
    const x = asTensor(input);
    return softmaxDivergence(x, target, dim ?? Math.min(1, x.ndim - 1), { exactRows: !isTracing() });
  },
);

/** `klDivLogits` with its options kept. */
export const KLDivLogitsLoss = /* @__PURE__ */ lossClass("KLDivLogitsLoss", klDivLogits);
