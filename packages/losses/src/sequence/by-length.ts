import { asIndexTensor, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

/** What the mean of sequences' losses is per: "target": each is divided by its number of labels (1 if it has none), then the mean of the sequences;
 * "token": all of them by all labels; "batch": the mean of the sequences as they are. */
export type SequenceNormalization = "target" | "token" | "batch";

/**
 * Losses of sequences with what their mean divides by.
 * @throws ArgumentError for an unknown `normalize`.
 */
export function byLength(
  op: string,
  losses: Tensor,
  targetLengths: TensorArg,
  { reduction = "mean" }: ReductionOptions,
  normalize: SequenceNormalization,
): Losses {
  checkOneOf(op, "normalize", normalize, ["target", "token", "batch"]);
  if (reduction !== "mean" || normalize === "batch") return { losses };
  const lengths = asIndexTensor(targetLengths).to("float64").reshape(losses.shape);
  if (normalize === "token") return { losses, divisor: lengths.sum() };
  return { losses: losses.div(lengths.maximum(1)) };
}
