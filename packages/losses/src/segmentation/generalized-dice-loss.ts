import { amax, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { checkedCounts, type OverlapOptions, pooled, ratioLoss } from "./define-overlap-loss.ts";
import { checkSmoothing, classWeights, type Regions, regions } from "./regions.ts";

const OP = "generalizedDiceLoss";

export interface GeneralizedDiceLossOptions extends Omit<OverlapOptions, "average" | "normalize"> {
  /** The weight of a class with T true pixels: 1 / T^2, 1 / T, or 1. Default "square". */
  readonly weighting?: "square" | "simple" | "uniform";
}

/**
 * Generalised Dice loss: the classes' counts are added up with weights that make small regions count as much as large ones, and give one score for each image.
 *
 *     loss = 1 - (sum_c w_c 2 TP_c + s_n) / (sum_c w_c (2 TP_c + FP_c + FN_c) + s_d),    w_c = 1 / T_c^2
 *
 * Shapes: as `diceLoss`, to a scalar, or `[N]` with `reduction: "none"` (a scalar with `batch: true`). A class without a true pixel, which would weigh
 * infinitely, gets the greatest weight of the others (`absent: "keep"`), or none ("zero", "skip").
 * Source: Sudre et al., "Generalised Dice overlap as a deep learning loss function for highly unbalanced segmentations" (2017), arXiv 1707.03237.
 * @throws as `diceLoss`; ArgumentError for an unknown weighting.
 * @example generalizedDiceLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.119202621281147
 */
export const generalizedDiceLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: GeneralizedDiceLossOptions) =>
    generalizedDiceLosses(OP, regions(OP, input, target, options), options),
);

/** `generalizedDiceLoss` with its options kept. */
export const GeneralizedDiceLoss = /* @__PURE__ */ lossClass("GeneralizedDiceLoss", generalizedDiceLoss);

/** One loss for each image, or for the batch. */
export function generalizedDiceLosses(op: string, images: Regions, options: GeneralizedDiceLossOptions): Losses {
  const { weighting = "square", smoothNumerator = 1e-5, smoothDenominator = 1e-5, log = false } = options;
  checkSmoothing(op, smoothNumerator, smoothDenominator);
  checkOneOf(op, "weighting", weighting, ["square", "simple", "uniform"]);
  const counts = checkedCounts(op, images, options);
  const given = classWeights(op, options.weight, images);
  const volume = volumeWeights(counts.size(), weighting, options.absent ?? "keep");
  const weights = given === undefined ? volume : volume.mul(given);
  const hits = pooled(counts.tp.mul(2), weights);
  const errors = pooled(counts.fp.add(counts.fn), weights);
  return { losses: ratioLoss(hits, errors, { smoothNumerator, smoothDenominator, log }) };
}

function volumeWeights(size: Tensor, weighting: "square" | "simple" | "uniform", absent: string): Tensor {
  const present = size.gt(0);
  const safe = where(present, size, 1);
  const weights =
    weighting === "uniform" ? safe.mul(0).add(1) : (weighting === "square" ? safe.square() : safe).pow(-1);
  const known = where(present, weights, 0);
  return absent === "keep" ? where(present, weights, amax(known, -1, { keepdim: true })) : known;
}
