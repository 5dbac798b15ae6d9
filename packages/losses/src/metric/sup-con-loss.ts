import { asIndexTensor, asTensor, formatShape, ShapeError, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, type PairLoss, type PairLossOptions, pairLossClass } from "./define-pair-loss.ts";
import { atLeastOne, countOf, maskedLogSoftmax, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface SupConLossOptions {
  /** What similarities are divided by. Default 0.07. */
  readonly temperature: number;
  /** The loss is multiplied by `temperature / baseTemperature`, which keeps gradients of one size. Default 0.07. */
  readonly baseTemperature: number;
}

const ofRows = /* @__PURE__ */ definePairLoss<SupConLossOptions>(
  "supConLoss",
  (batch, { temperature, baseTemperature }): Losses => {
    const { positives, negatives } = batch;
    const z = batch.similarities().div(temperature);
    const surprise = maskedLogSoftmax(z, positives.logicalOr(negatives)).neg();
    const count = positives.to(z.dtype).sum(-1);
    const losses = only(positives, surprise).sum(-1).div(atLeastOne(count));
    return { losses: losses.mul(temperature / baseTemperature), divisor: countOf(count.gt(0), z) };
  },
  {
    defaults: { temperature: 0.07, baseTemperature: 0.07 },
    distance: cosineMeasure,
    check: ({ temperature, baseTemperature }) => {
      checkPositive("supConLoss", "temperature", temperature);
      checkPositive("supConLoss", "baseTemperature", baseTemperature);
    },
  },
);

type Options = Partial<SupConLossOptions> & PairLossOptions;

// The views of an item are so many rows with one label.
function rowsOfViews(embeddings: TensorArg, labels: TensorArg): [Tensor, Tensor] {
  const x = asTensor(embeddings);
  const y = asIndexTensor(labels);
  if (x.ndim !== 3) return [x, y];
  const [n, views] = x.shape as [number, number, number];
  if (y.ndim !== 1 || y.shape[0] !== n) {
    throw new ShapeError({
      op: "supConLoss",
      rule: "there must be one label for each item",
      received: `labels ${formatShape(y.shape)} for embeddings ${formatShape(x.shape)}`,
      expected: formatShape([n]),
    });
  }
  return [x.flatten(0, 1), y.unsqueeze(1).expand([n, views]).flatten()];
}

/**
 * Supervised contrastive loss: the mean surprise of an anchor at its positives, each classified among all others.
 *
 *     loss_a = -t / t_base * mean over positives p of log(e^(s_ap / t) / sum over k other than a of e^(s_ak / t))
 *
 * Shapes: embeddings `[N, D]` with labels `[N]`, or `[N, V, D]` (V views of each item, which are positives of one another) with labels `[N]`; to a scalar, or
 * `[N]` (`[N * V]`) with `reduction: "none"`. With a label of its own for every item the views alone are positives: SimCLR. s is the cosine.
 *
 * Anchors without a positive have loss 0 and are not in the mean's divisor; the original gives NaN. Where a single positive is far closer than all others, its
 * tiny loss is kept.
 * Source: Khosla et al., "Supervised Contrastive Learning" (2020), arXiv 2004.11362, equation 2.
 * @throws ArgumentError for a temperature that is not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example supConLoss([[1, 0], [1, 0.5], [0, 1]], [0, 0, 1], { temperature: 0.5 }).item() // 1.7761932611465454
 */
export const supConLoss: PairLoss<SupConLossOptions> = /* @__PURE__ */ Object.assign(
  function supConLoss(embeddings: TensorArg, labels: TensorArg, options: Options = {}): Tensor {
    return ofRows(...rowsOfViews(embeddings, labels), options);
  },
  {
    parts: (embeddings: TensorArg, labels: TensorArg, options: Options = {}) =>
      ofRows.parts(...rowsOfViews(embeddings, labels), options),
  },
);

/** `supConLoss` with its options kept. */
export const SupConLoss = /* @__PURE__ */ pairLossClass("SupConLoss", supConLoss);
