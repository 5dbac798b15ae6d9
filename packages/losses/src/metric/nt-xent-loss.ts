import {
  cat,
  eye,
  fromTypedArray,
  isTracing,
  matmul,
  softmaxCrossEntropy,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { checkMatrix } from "./define-pair-loss.ts";
import { unitRows } from "./unit-rows.ts";

export interface NTXentLossOptions extends ReductionOptions {
  /** What cosines are divided by. Default 0.5. */
  readonly temperature?: number;
}

/**
 * NT-Xent, the loss of SimCLR: two views of N items, each of the 2N embeddings classified among the others, its own second view being right.
 *
 *     loss_i = -log(e^(s_ij / t) / sum over k other than i of e^(s_ik / t)),   j the other view of i
 *
 * Shapes: views `[N, D]` and `[N, D]`; to a scalar, or `[2N]` with `reduction: "none"`, the first views first. s is the cosine. Exact where the right view is
 * far closer than all others.
 * Source: Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations" (2020), arXiv 2002.05709. For pairs by labels: `infoNceLoss`.
 * @throws ArgumentError for a temperature that is not above 0; ShapeError.
 * @example ntXentLoss([[1, 0], [0, 1]], [[1, 0.5], [0, 2]]).item() // 0.41288337111473083
 */
export const ntXentLoss = /* @__PURE__ */ lossFunction(
  "ntXentLoss",
  (first: TensorArg, second: TensorArg, { temperature = 0.5 }: NTXentLossOptions) => {
    checkPositive("ntXentLoss", "temperature", temperature);
    const [a, b] = doubles(first, second);
    checkSameShape("ntXentLoss", { first: a, second: b });
    checkMatrix("ntXentLoss", a);
    const n = a.shape[0]!;
    const views = unitRows(cat([a, b], 0)); // [2N, D]
    const cosines = matmul(views, views.t()).div(temperature);
    const logits = where(eye(2 * n).eq(1), Number.NEGATIVE_INFINITY, cosines);
    const partners = fromTypedArray(
      BigInt64Array.from({ length: 2 * n }, (_, i) => BigInt((i + n) % (2 * n))),
      [2 * n],
    );
    return softmaxCrossEntropy(logits, partners, { reduction: "none", exactRows: !isTracing(), op: "ntXentLoss" });
  },
);

/** `ntXentLoss` with its options kept. */
export const NTXentLoss = /* @__PURE__ */ lossClass("NTXentLoss", ntXentLoss);
