import {
  ArgumentError,
  binaryEntropyWithLogits,
  expm1,
  indexSelect,
  isTracing,
  logSoftmax,
  sigmoid,
  softmaxCrossEntropy,
  type Tensor,
  where,
} from "@tenon/numerics";
import type { Losses } from "../core/reduction.ts";
import { powerFromZero } from "./power.ts";
import type { Regions } from "./regions.ts";

/** What becomes of a cross entropy `-log p`; `wrong` is 1 - p, exact. */
export type PixelShape = (surprise: Tensor, wrong: () => Tensor) => Tensor;

export interface PixelTermOptions {
  /** One for each class, the background included. */
  readonly weights?: Tensor | undefined;
  /** Default the cross entropy itself. */
  readonly shape?: PixelShape;
  /** What the mean divides by for class indices: the weights of the pixels that count, as PyTorch does, or their number. Default "weights". */
  readonly normalize?: "weights" | "count";
}

/** `(1 - p)^gamma (-log p)`. */
export function focal(gamma: number): PixelShape {
  return (surprise, wrong) => (gamma === 0 ? surprise : powerFromZero(wrong(), gamma).mul(surprise));
}

/** Cross entropy of each pixel with a softmax, `[N, P]`, or of each element with a sigmoid, `[N, C, P]`; what does not count is 0. */
export function pixelTerms(op: string, images: Regions, options: PixelTermOptions): Losses {
  if (images.activation === "none") {
    throw new ArgumentError({
      op,
      rule: "the cross entropy needs logits",
      received: 'activation "none"',
      expected: '"softmax" or "sigmoid"',
    });
  }
  if (images.activation === "sigmoid") return sigmoidTerms(images, options);
  return images.index === undefined ? softTerms(images, options) : indexedTerms(images, images.index, options);
}

/** `-log p` of each pixel's own class, `[N, P]`, and its 1 - p. */
export function ownTerms({ logits }: Pick<Regions, "logits">, index: Tensor): [surprise: Tensor, wrong: () => Tensor] {
  const own = softmaxCrossEntropy(logits, index.squeeze(1), { dim: 1, reduction: "none", exactRows: !isTracing() });
  return [own, () => expm1(own.neg()).neg()];
}

function indexedTerms(images: Regions, index: Tensor, options: PixelTermOptions): Losses {
  const { weights, shape = focal(0), normalize = "weights" } = options;
  const losses = shape(...ownTerms(images, index));
  const kept = images.kept?.squeeze(1);
  const counted = (values: Tensor) => (kept === undefined ? values : where(kept, values, 0));
  const number = kept === undefined ? losses.size : kept.to(losses.dtype).sum();
  if (weights === undefined) return { losses: counted(losses), divisor: number };
  const factors = counted(indexSelect(weights, 0, index.flatten()).reshape(losses.shape));
  return { losses: counted(losses).mul(factors), divisor: normalize === "weights" ? factors.sum() : number };
}

function softTerms({ logits, kept, predicted, truth }: Regions, options: PixelTermOptions): Losses {
  const { weights, shape = focal(0) } = options;
  const t = truth();
  const logs = logSoftmax(logits, 1);
  // A target of 0 at a logit of -infinity counts 0, not NaN.
  const blocked = t.eq(0).logicalAnd(logs.eq(Number.NEGATIVE_INFINITY));
  const terms = shape(where(blocked, 0, logs).neg(), () => predicted.q()).mul(t);
  const losses = perClass(kept === undefined ? terms : where(kept, terms, 0), weights).sum(1);
  return { losses, divisor: kept === undefined ? losses.size : kept.any(1).to(losses.dtype).sum() };
}

function sigmoidTerms({ logits, kept, truth }: Regions, { weights, shape = focal(0) }: PixelTermOptions): Losses {
  const t = truth();
  // 1 - p of the right side is sigmoid(-z), z the logit of that side.
  const wrong = () => {
    const side = t.mul(-2).add(1);
    return sigmoid(where(side.eq(0), 0, logits).mul(side));
  };
  const terms = shape(binaryEntropyWithLogits(logits, t, { reduction: "none" }), wrong);
  const losses = perClass(kept === undefined ? terms : where(kept, terms, 0), weights);
  return { losses, divisor: kept === undefined ? losses.size : kept.expand(losses.shape).to(losses.dtype).sum() };
}

function perClass(values: Tensor, weights: Tensor | undefined): Tensor {
  return weights === undefined ? values : values.mul(weights.reshape([1, weights.size, 1]));
}
