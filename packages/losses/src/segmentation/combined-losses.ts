import { ArgumentError, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import { type Losses, reduceLoss, singleLosses } from "../core/reduction.ts";
import { type OverlapOptions, overlapLosses } from "./define-overlap-loss.ts";
import { type GeneralizedDiceLossOptions, generalizedDiceLosses } from "./generalized-dice-loss.ts";
import { focal, pixelTerms } from "./pixel-terms.ts";
import { classWeights, type Regions, regions, type SegmentationOptions } from "./regions.ts";

/** What losses are told that add up terms of different shapes. */
export interface TwoTermOptions {
  /** How each of the two terms is reduced before they are added. Default "mean". */
  readonly reduction?: "mean" | "sum";
}

export interface DiceCrossEntropyLossOptions extends Omit<OverlapOptions, "reduction">, TwoTermOptions {
  /** Factor of the Dice loss. Default 1. */
  readonly lambdaDice?: number;
  /** Factor of the cross entropy. Default 1. */
  readonly lambdaCrossEntropy?: number;
}

export interface DiceFocalLossOptions extends Omit<OverlapOptions, "reduction">, TwoTermOptions {
  /** Factor of the Dice loss. Default 1. */
  readonly lambdaDice?: number;
  /** Factor of the focal loss. Default 1. */
  readonly lambdaFocal?: number;
  /** How much confident pixels are held back in the focal loss. Default 2. */
  readonly gamma?: number;
}

export interface GeneralizedDiceFocalLossOptions
  extends Omit<GeneralizedDiceLossOptions, "reduction">,
    Omit<DiceFocalLossOptions, keyof OverlapOptions | "lambdaDice"> {
  /** Factor of the generalised Dice loss. Default 1. */
  readonly lambdaDice?: number;
}

type Arguments = [input: TensorArg, target: TensorArg];

/** The sum of two terms, each reduced by itself; `terms` gives them with their factors. */
export function defineTwoTermLoss<O extends SegmentationOptions>(
  name: string,
  terms: (images: Regions, options: O) => readonly (readonly [factor: number, losses: Losses])[],
): Loss<Arguments, O> {
  return lossFunction(name, (input: TensorArg, target: TensorArg, options: O): Tensor => {
    checkWholeReduction(name, options.reduction);
    return terms(regions(name, input, target, options), options)
      .map(([factor, made]) => {
        const losses = singleLosses(made);
        return reduceLoss(name, losses, options, made.divisor as Tensor | number | undefined).mul(factor);
      })
      .reduce((a, b) => a.add(b));
  });
}

/** @throws ArgumentError for "none", which has no meaning for a sum of terms of different shapes. */
export function checkWholeReduction(op: string, reduction: string | undefined): void {
  if (reduction !== "none") return;
  throw new ArgumentError({
    op,
    rule: "its two terms have different shapes",
    received: 'reduction "none"',
    expected: '"mean" or "sum"',
    hint: "Call the two losses by themselves",
  });
}

const DICE = { hits: 2, fp: 1, fn: 1 };

/** The weights of all classes, also of a background that does not count elsewhere. */
export function allWeights(op: string, weight: TensorArg | undefined, images: Regions): Tensor | undefined {
  return classWeights(op, weight, { ...images, firstClass: 0 });
}

function focalTerm(op: string, images: Regions, { gamma = 2, weight }: DiceFocalLossOptions): Losses {
  if (!(gamma >= 0)) throw new ArgumentError({ op, rule: "gamma must be 0 or more", received: String(gamma) });
  return pixelTerms(op, images, { weights: allWeights(op, weight, images), shape: focal(gamma) });
}

/**
 * Dice and cross entropy, as nnU-Net trains: `loss = lambdaDice diceLoss + lambdaCrossEntropy crossEntropy`, from one set of logits.
 *
 * Shapes and options as `diceLoss`, to a scalar. The cross entropy is that of a softmax with class indices or probabilities, or binary with
 * `activation: "sigmoid"` (the default for one channel); `weight`, `ignoreIndex` and `mask` act on both terms. Weights have one entry for each class also
 * without the background, which leaves only the Dice term. The overlap's own options (`normalize`, `absent`, `average` ...) are the Dice term's alone.
 * Source: Isensee et al., "nnU-Net" (2018), arXiv 1809.10486.
 * @throws ArgumentError for `activation: "none"` or `reduction: "none"`; else as `diceLoss`.
 * @example diceCrossEntropyLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.2461303323507309
 */
export const diceCrossEntropyLoss = /* @__PURE__ */ defineTwoTermLoss<DiceCrossEntropyLossOptions>(
  "diceCrossEntropyLoss",
  (images, options) => {
    const op = "diceCrossEntropyLoss";
    const { lambdaDice = 1, lambdaCrossEntropy = 1 } = options;
    return [
      [lambdaDice, overlapLosses(op, images, DICE, options)],
      [lambdaCrossEntropy, pixelTerms(op, images, { weights: allWeights(op, options.weight, images) })],
    ];
  },
);

/** `diceCrossEntropyLoss` with its options kept. */
export const DiceCrossEntropyLoss = /* @__PURE__ */ lossClass("DiceCrossEntropyLoss", diceCrossEntropyLoss);

/**
 * Dice and focal loss: `loss = lambdaDice diceLoss + lambdaFocal focalLoss`, from one set of logits.
 *
 * Shapes and options as `diceLoss`, to a scalar. The focal loss is that of a softmax, a mean over pixels, or of sigmoids, a mean over elements
 * (`activation: "sigmoid"`, the default for one channel).
 * Source: Zhu et al., "AnatomyNet" (2018), arXiv 1808.05238.
 * Differs from MONAI: the softmax's focal loss is averaged over pixels, not over pixels and classes, and sees the background in any case.
 * @throws ArgumentError for a negative gamma, `activation: "none"` or `reduction: "none"`; else as `diceLoss`.
 * @example diceFocalLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.12100588530302048
 */
export const diceFocalLoss = /* @__PURE__ */ defineTwoTermLoss<DiceFocalLossOptions>(
  "diceFocalLoss",
  (images, options) => {
    const { lambdaDice = 1, lambdaFocal = 1 } = options;
    return [
      [lambdaDice, overlapLosses("diceFocalLoss", images, DICE, options)],
      [lambdaFocal, focalTerm("diceFocalLoss", images, options)],
    ];
  },
);

/** `diceFocalLoss` with its options kept. */
export const DiceFocalLoss = /* @__PURE__ */ lossClass("DiceFocalLoss", diceFocalLoss);

/**
 * Generalised Dice and focal loss: `loss = lambdaDice generalizedDiceLoss + lambdaFocal focalLoss`, from one set of logits.
 *
 * Shapes and options as `generalizedDiceLoss` and `diceFocalLoss`, to a scalar.
 * Source: Sudre et al. (2017), arXiv 1707.03237; the combination is MONAI's.
 * @throws as `diceFocalLoss`.
 * @example generalizedDiceFocalLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.12100618332624435
 */
export const generalizedDiceFocalLoss = /* @__PURE__ */ defineTwoTermLoss<GeneralizedDiceFocalLossOptions>(
  "generalizedDiceFocalLoss",
  (images, options) => {
    const { lambdaDice = 1, lambdaFocal = 1 } = options;
    return [
      [lambdaDice, generalizedDiceLosses("generalizedDiceFocalLoss", images, options)],
      [lambdaFocal, focalTerm("generalizedDiceFocalLoss", images, options)],
    ];
  },
);

/** `generalizedDiceFocalLoss` with its options kept. */
export const GeneralizedDiceFocalLoss = /* @__PURE__ */ lossClass("GeneralizedDiceFocalLoss", generalizedDiceFocalLoss);
