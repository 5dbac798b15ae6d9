import { ArgumentError, bmm, linspace, type Tensor, type TensorArg, where, xlogy } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { imagePair } from "./images.ts";

export interface MutualInformationOptions {
  /** Number of bins of the histograms. Default 23. */
  readonly bins?: number;
  /** Width of the Gaussian by which a pixel is spread over bins, in bins. Default 0.5. */
  readonly sigmaRatio?: number;
  /** Where the outermost bins lie; pixels outside count as on the edge. Default [0, 1]. */
  readonly range?: readonly [low: number, high: number];
}

/**
 * Negative mutual information of images, for registering pictures of different kinds: `-sum p(a, b) log(p(a, b) / (p(a) p(b)))` in nats, from histograms in
 * which each pixel is spread over bins by a Gaussian.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. Empty bins count 0,
 * without a small number in the logarithm. Source: Viola and Wells, "Alignment by Maximization of Mutual Information" (1997); defaults as MONAI's
 * GlobalMutualInformationLoss. Differs from MONAI: no smoothing terms.
 * @throws ShapeError if the shapes differ; ArgumentError for fewer than two bins, no width, or an empty range.
 * @example mutualInformationLoss([[[[0, 1]]]], [[[[1, 0]]]], { bins: 2 }).item() // -0.17920750379562378
 */
export const mutualInformationLoss = /* @__PURE__ */ lossFunction(
  "mutualInformationLoss",
  (input: TensorArg, target: TensorArg, options: MutualInformationOptions): Tensor => {
    const { bins = 23, sigmaRatio = 0.5, range = [0, 1] } = options;
    checkBins(bins, sigmaRatio, range);
    const [x, y] = imagePair("mutualInformationLoss", input, target).map((image) =>
      memberships(image.flatten(1), bins, sigmaRatio, range),
    ) as [Tensor, Tensor];
    const joint = bmm(x.transpose(1, 2), y).div(x.shape[1]!); // [n, bins, bins]
    const shared = plogp(joint).sum([1, 2]);
    return plogp(joint.sum(2))
      .sum(1)
      .add(plogp(joint.sum(1)).sum(1))
      .sub(shared);
  },
);

/** `mutualInformationLoss` with its options kept. */
export const MutualInformationLoss = /* @__PURE__ */ lossClass("MutualInformationLoss", mutualInformationLoss);

/** How much of each pixel lies in each bin: `[n, pixels]` to `[n, pixels, bins]`. */
function memberships(x: Tensor, bins: number, sigmaRatio: number, [low, high]: readonly [number, number]): Tensor {
  const place = x
    .clamp({ min: low, max: high })
    .sub(low)
    .mul((bins - 1) / (high - low));
  const distance = place.unsqueeze(-1).sub(linspace(0, bins - 1, bins).to(x.dtype));
  return distance.div(sigmaRatio).square().mul(-0.5).softmax(-1);
}

// The square of its reciprocal, in second derivatives, does not overflow.
const NOTHING = 1e-150;

/** `p log p`, 0 with derivative 0 where p is nothing: what underflowed does not come back. */
function plogp(p: Tensor): Tensor {
  const none = p.le(NOTHING);
  const some = where(none, 1, p);
  return where(none, 0, xlogy(some, some));
}

function checkBins(bins: number, sigmaRatio: number, [low, high]: readonly [number, number]): void {
  checkAllPositive("mutualInformationLoss", { sigmaRatio, "the range's width": high - low });
  if (Number.isInteger(bins) && bins >= 2) return;
  throw new ArgumentError({
    op: "mutualInformationLoss",
    rule: "there must be at least two bins",
    received: String(bins),
  });
}
