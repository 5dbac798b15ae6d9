import { arange, exp2, log2, sort, type Tensor, where } from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import type { Lists, RankingOptions } from "./lists.ts";

export interface GainOptions extends RankingOptions {
  /** What an item of relevance y is worth: "exponential" 2^y - 1, "linear" y. Default "exponential". */
  readonly gain?: "exponential" | "linear";
  /** How many places of the ranking count. Default all. */
  readonly k?: number;
}

/** What each item is worth in the list's NDCG, `[B, N]`: its gain through the ideal DCG; 0 in lists without relevant items. */
export interface Gains {
  readonly gains: Tensor;
  /** Lists with relevant items (bool, `[B]`). */
  readonly counted: Tensor;
}

/** `log2(1 + place)` for places 1 to n. */
export function discounts(n: number, like: Tensor): Tensor {
  return log2(arange(2, n + 2, 1, { dtype: like.dtype }));
}

/** @throws ArgumentError for an unknown gain or a k that is no number of places. */
export function normalizedGains(op: string, { relevance, size }: Lists, options: GainOptions): Gains {
  const { gain = "exponential", k } = options;
  checkOneOf(op, "gain", gain, ["exponential", "linear"]);
  checkOption(op, "k", k, "a whole number from 1 on", k === undefined || (Number.isInteger(k) && k > 0));
  const raw = gain === "linear" ? relevance : exp2(relevance).sub(1);
  const best = sort(raw, 1, { descending: true }).values;
  const ideal = best
    .div(discounts(size, best))
    .slice(1, { end: Math.min(k ?? size, size) })
    .sum(1);
  const counted = ideal.gt(0);
  return { gains: raw.div(where(counted, ideal, 1).unsqueeze(1)), counted };
}
