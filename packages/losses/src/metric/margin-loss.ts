import {
  asTensor,
  Callable,
  full,
  type HasParameters,
  indexSelect,
  Parameter,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import { optionTensor } from "../core/option-tensor.ts";
import type { Losses } from "../core/reduction.ts";
import { type AverageOptions, averaged } from "./average.ts";
import { definePairLoss, type PairLossOptions, type TupleOptions } from "./define-pair-loss.ts";
import { only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";

export interface MarginLossOptions extends AverageOptions {
  /** Half the width of the band around beta in which pairs have a loss. Default 0.2. */
  readonly margin: number;
  /** The boundary between positive and negative pairs: a number, a tensor, or one for each class, `[C]`. Default 1.2. */
  readonly beta: TensorArg;
  /** Factor of beta itself, added to each pair's loss: a larger boundary must pay. Default 0. */
  readonly nu: number;
}

/**
 * Margin loss: positive pairs closer than a boundary, negative pairs farther, with a band around it. The boundary may be learned: `MarginLoss`.
 *
 *     loss = max(0, margin + d - beta) for positive pairs,  max(0, margin - (d - beta)) for negative ones;  + nu beta where the loss is above 0
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; beta a scalar, or `[C]` with the anchors' labels as positions; to a scalar, or `[N, M]` with `reduction: "none"` (0 where
 * there is no pair). "mean" divides by all pairs with a loss above 0 together (`average: "all"`: all pairs). L2 distance of normalised embeddings; the paper
 * mines first: `distanceWeightedMiner`. Differs from pytorch-metric-learning: a pair that several triplets share counts once.
 * Source: Wu et al., "Sampling Matters in Deep Embedding Learning" (2017), arXiv 1706.07567.
 * @throws ArgumentError, ShapeError; DTypeError for labels that are no whole numbers; IndexOutOfRangeError for a label without a beta.
 * @example marginLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.6346331238746643
 */
export const marginLoss = /* @__PURE__ */ definePairLoss<MarginLossOptions>(
  "marginLoss",
  (batch, { margin, beta: given, nu, average = "active" }): Losses => {
    const { positives, negatives } = batch;
    const values = batch.values();
    const beta = optionTensor(given, values);
    const own = beta.ndim === 0 ? beta : indexSelect(beta, 0, batch.labels).unsqueeze(1);
    const beyond = batch.beyond(values, own);
    const near = only(positives, beyond.add(margin).relu());
    const far = only(negatives, beyond.neg().add(margin).relu());
    const made = averaged(near.add(far), positives.logicalOr(negatives), average);
    if (nu === 0) return made;
    const losses = made.losses as Tensor;
    return { ...made, losses: losses.add(only(losses.detach().gt(0), own.mul(nu).expand(losses.shape))) };
  },
  {
    defaults: { margin: 0.2, beta: 1.2, nu: 0 },
    distance: lpMeasure,
    check: ({ beta, average = "all" }) => {
      checkOneOf("marginLoss", "average", average, ["active", "all"]);
      const { ndim } = asTensor(beta);
      checkOption("marginLoss", "beta", `with ${ndim} dimensions`, "a scalar or one for each class", ndim <= 1);
    },
  },
);

export interface MarginLossModuleOptions
  extends Omit<Partial<MarginLossOptions>, "beta">,
    Omit<PairLossOptions, keyof TupleOptions> {
  /** Where the boundary starts. Default 1.2. */
  readonly beta?: number;
  /** One boundary for each of so many classes. Default: one for all. */
  readonly classes?: number;
  /** Default true. */
  readonly learnBeta?: boolean;
}

/**
 * `marginLoss` with its boundary as a parameter, `beta`.
 * @example new MarginLoss({ classes: 10 }).beta.shape // [10]
 */
export class MarginLoss extends Callable implements HasParameters {
  readonly options: MarginLossModuleOptions;
  readonly beta: Parameter;

  constructor(options: MarginLossModuleOptions = {}) {
    super();
    const { beta = 1.2, classes, learnBeta = true } = options;
    this.options = options;
    this.beta = new Parameter(full(classes === undefined ? [] : [classes], beta), { requiresGrad: learnBeta });
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["beta", this.beta];
  }

  override forward(embeddings: TensorArg, labels: TensorArg, tuples: TupleOptions = {}): Tensor {
    return marginLoss(embeddings, labels, { ...this.options, beta: this.beta, ...tuples });
  }
}
