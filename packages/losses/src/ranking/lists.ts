import { asTensor, logicalAnd, type Shape, ShapeError, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

export interface RankingOptions extends ReductionOptions {
  /** Which entries are items (bool, in the scores' shape); the others are padding. Default all. */
  readonly mask?: TensorArg;
  /** Entries with this relevance are padding, too. Default -1. */
  readonly paddingValue?: number;
}

/** Lists as a formula sees them: `[B, N]`. Padding has score and relevance 0. */
export interface Lists {
  readonly scores: Tensor;
  /** In the scores' dtype, without gradient. */
  readonly relevance: Tensor;
  /** Which entries are items (bool). */
  readonly kept: Tensor;
  readonly size: number;
  /** What came before the lists' own dimension. */
  readonly lead: Shape;
}

function readLists(op: string, scores: TensorArg, relevance: TensorArg, options: RankingOptions): Lists {
  const [s] = realDoubles(scores);
  const y = asTensor(relevance).detach();
  if (s.ndim === 0) {
    throw new ShapeError({ op, rule: "a list needs a dimension", received: "a scalar", expected: "[N] or [..., N]" });
  }
  checkSameShape(op, { scores: s, relevance: y });
  const present = y.ne(options.paddingValue ?? -1);
  const mask = options.mask === undefined ? undefined : asTensor(options.mask).to("bool");
  if (mask !== undefined) checkSameShape(op, { scores: s, mask });
  const kept = mask === undefined ? present : logicalAnd(present, mask);
  const lead = s.shape.slice(0, -1);
  const size = s.shape.at(-1)!;
  const rows = (t: Tensor) => t.reshape([lead.reduce((a, b) => a * b, 1), size]);
  const zero = (t: Tensor) => rows(where(kept, t, 0));
  return { scores: zero(s), relevance: zero(y.to(s.dtype)), kept: rows(kept), size, lead };
}

/** Losses of lists `[B]` or of pairs `[B, N, N]`, and which of them count (bool, likewise). The others may hold any finite number. */
export interface Ranked {
  readonly losses: Tensor;
  readonly counted: Tensor;
}

/** Makes a loss of ranked lists: padding, shapes and the mean over what counts come with it. */
export function defineRankingLoss<O extends object>(
  name: string,
  formula: (lists: Lists, options: O & RankingOptions) => Ranked,
): Loss<[scores: TensorArg, relevance: TensorArg], O & RankingOptions> {
  return lossFunction<[scores: TensorArg, relevance: TensorArg], O & RankingOptions>(
    name,
    (scores, relevance, options): Losses => {
      const lists = readLists(name, scores, relevance, options);
      const { losses, counted } = formula(lists, options);
      const shape = [...lists.lead, ...losses.shape.slice(1)];
      return { losses: where(counted, losses, 0).reshape(shape), divisor: counted.to(losses.dtype).sum() };
    },
  );
}

/** `a_i - a_j` as `[B, N, N]` where the pair counts, 0 elsewhere. */
export function differences(a: Tensor, pairs: Tensor): Tensor {
  return where(pairs, a.unsqueeze(2).sub(a.unsqueeze(1)), 0);
}

/** Pairs of items of which the first is more relevant. */
export function betterPairs({ relevance, kept }: Lists): Tensor {
  return logicalAnd(bothKept(kept), relevance.unsqueeze(2).gt(relevance.unsqueeze(1)));
}

export function bothKept(kept: Tensor): Tensor {
  return logicalAnd(kept.unsqueeze(2), kept.unsqueeze(1));
}
