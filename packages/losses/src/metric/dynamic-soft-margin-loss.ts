import { cumsum, indexSelect, linspace, type Tensor, type TensorArg, tensor } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { LossModule } from "../core/loss-class.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, type PairLossOptions, pick, type TupleOptions } from "./define-pair-loss.ts";
import { countOf, only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";
import { tripletsOf } from "./triplets.ts";

export interface DynamicSoftMarginLossOptions {
  /** How many steps the differences from -2 to 2 fall into. Default 10. */
  readonly bins: number;
  /** The histogram that weighs the triplets, `[bins + 1]` with sum 1, given the batch's own. Default that. */
  readonly histogram?: (own: Tensor) => Tensor;
}

const NAME = "dynamicSoftMarginLoss";

/**
 * Dynamic soft margin: every triplet weighed by how hard it is among those seen, so that there is no margin to tune.
 *
 *     loss_apn = F(d_ap - d_an) (d_ap - d_an),    F: the share of triplets with a difference up to that, a constant to the gradient
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[T]` with `reduction: "none"`: one a triplet (of `indices`, or by anchor, positive and negative). L2 distance of
 * normalised embeddings. Differences are counted softly, each shared between the two nodes around it. The function takes F from its batch;
 * `DynamicSoftMarginLoss` from a running histogram, as the paper does.
 * Source: Zhang and Rusinkiewicz, "Learning Local Descriptors With a CDF-Based Dynamic Soft Margin" (2019); all triplets and defaults as pytorch-metric-learning, whose last
 * node, at which it fails, is there.
 * @throws ArgumentError unless `bins` is a whole number above 0, and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example dynamicSoftMarginLoss([[1, 0], [3, 4], [0, 1]], [0, 0, 1]).item() // 0.04917803406715393
 */
export const dynamicSoftMarginLoss = /* @__PURE__ */ definePairLoss<DynamicSoftMarginLossOptions>(
  NAME,
  (batch, { bins, histogram = (own) => own }): Losses => {
    const { anchors, positives, negatives, valid } = tripletsOf(batch);
    const near = pick(batch.values(), anchors, positives);
    const differences = near.sub(pick(batch.values(), anchors, negatives));
    const places = differences
      .detach()
      .add(2)
      .mul(bins / 4)
      .clamp({ min: 0, max: bins });
    const shares = cumsum(histogram(histogramOf(places, valid, bins)), 0);
    const weights = indexSelect(shares, 0, places.to("int64"));
    return { losses: only(valid, weights.mul(differences)), divisor: countOf(valid, differences) };
  },
  {
    defaults: { bins: 10 },
    distance: lpMeasure,
    check: ({ bins, distance }) => {
      checkOption(NAME, "bins", String(bins), "a whole number above 0", Number.isInteger(bins) && bins > 0);
      const own = "left out: the bins are of distances of normalised embeddings";
      checkOption(NAME, "distance", distance?.name, own, distance === undefined);
    },
  },
);

/** The shares of the nodes 0 ... bins, each place shared between the two around it. */
function histogramOf(places: Tensor, valid: Tensor, bins: number): Tensor {
  const nodes = linspace(0, bins, bins + 1, { dtype: places.dtype });
  const counts = only(valid.unsqueeze(1), places.unsqueeze(1).sub(nodes).abs().neg().add(1).relu()).sum(0);
  return counts.div(counts.sum().clamp({ min: 1 }));
}

/** What `DynamicSoftMarginLoss` may be given. */
export type DynamicSoftMarginLossSettings = Omit<Partial<DynamicSoftMarginLossOptions>, "histogram"> &
  PairLossOptions & {
    /** The share of each batch in the running histogram, from the second on. Default 0.01. */
    readonly momentum?: number;
  };

/**
 * `dynamicSoftMarginLoss` with a running histogram of the differences seen; the first batch with triplets begins it.
 * @throws ArgumentError for a momentum outside 0 to 1.
 * @example new DynamicSoftMarginLoss({ momentum: 0.1 })([[1, 0], [3, 4], [0, 1]], [0, 0, 1]).item() // 0.04917803406715393
 */
export class DynamicSoftMarginLoss extends LossModule<
  [embeddings: TensorArg, labels: TensorArg, tuples?: TupleOptions],
  DynamicSoftMarginLossSettings
> {
  /** The shares of the nodes from -2 to 2 so far, to be saved with the weights; null before the first batch. */
  histogram: number[] | null = null;

  constructor(options: DynamicSoftMarginLossSettings = {}) {
    super(options);
    const { momentum = 0.01 } = options;
    checkOption("DynamicSoftMarginLoss", "momentum", String(momentum), "from 0 to 1", momentum >= 0 && momentum <= 1);
  }

  override forward(embeddings: TensorArg, labels: TensorArg, tuples: TupleOptions = {}): Tensor {
    const histogram = (own: Tensor) => this.#moveOn(own);
    return dynamicSoftMarginLoss(embeddings, labels, { ...this.options, ...tuples, histogram });
  }

  #moveOn(own: Tensor): Tensor {
    const shares = own.toArray() as number[];
    if (shares.every((share) => share === 0)) return own;
    const { momentum = 0.01 } = this.options;
    const before = this.histogram ?? shares;
    this.histogram = shares.map((share, i) => momentum * share + (1 - momentum) * before[i]!);
    return tensor(this.histogram, { dtype: own.dtype });
  }
}
