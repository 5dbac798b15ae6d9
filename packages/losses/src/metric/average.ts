import { type Tensor, where } from "@tenon/numerics";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { atLeastOne, countOf } from "./masked.ts";

/** What a mean over pairs or triplets divides by: those with a loss above 0, or all. */
export type Average = "active" | "all";

export interface AverageOptions {
  /** What the mean divides by: the number of those with a loss above 0, or of all. Default "active". */
  readonly average?: Average;
}

/** Losses where the mask holds (they are 0 elsewhere). Where none is above 0 the mean is 0, unless there is nothing at all. */
export function averaged(losses: Tensor, mask: Tensor, average: Average): Losses {
  return { losses, divisor: countedBy(losses, mask, average) };
}

function countedBy(losses: Tensor, mask: Tensor, average: Average): Tensor {
  const all = countOf(mask, losses);
  return average === "all" ? all : countOf(losses.detach().gt(0), losses).maximum(all.clamp({ max: 1 }));
}

/** Losses of one kind of pair, with what the mean over them divides by. */
export interface Group {
  readonly losses: Tensor;
  readonly mask: Tensor;
}

/**
 * Groups that are averaged each by itself, so that the many negative pairs do not drown the few positive ones: the mean is the sum of the groups' means, a group
 * without pairs adding 0. Single losses and their sum are as if there were one group.
 */
export function averagedApart(
  groups: readonly Group[],
  average: Average,
  { reduction = "mean" }: ReductionOptions,
): Losses {
  const whole = groups.map(({ losses }) => losses).reduce((a, b) => a.add(b));
  if (reduction !== "mean") return { losses: whole };
  const means = groups.map(({ losses, mask }) => losses.div(atLeastOne(countedBy(losses, mask, average))));
  const count = groups.map(({ mask }) => countOf(mask, whole)).reduce((a, b) => a.add(b));
  return { losses: means.reduce((a, b) => a.add(b)), divisor: where(count.gt(0), 1, 0).to(whole.dtype) };
}
