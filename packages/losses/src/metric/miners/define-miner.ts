import { noGrad, type TensorArg, tidy } from "@tenon/numerics";
import { type PairBatch, pairBatch } from "../define-pair-loss.ts";
import type { Measure } from "../measure.ts";
import type { Others, PairIndices, ReferenceOptions, TripletIndices } from "../pair-indices.ts";

export interface MinerOptions extends ReferenceOptions {
  /** How embeddings are compared. Default: the miner's. */
  readonly distance?: Measure;
}

/** Chooses the pairs or triplets of a batch that a loss should see: `loss(x, y, { indices: miner(x, y) })`. */
export type Miner<R extends PairIndices | TripletIndices, O = object> = (
  embeddings: TensorArg,
  labels: TensorArg,
  options?: Partial<O> & MinerOptions,
) => R;

/** A batch in plain numbers, as a miner's rule sees it. */
export interface Field {
  /** For every anchor, what is of its class among the references and what is not. */
  readonly others: readonly Others[];
  /** The measure of a pair. */
  value(anchor: number, other: number): number;
  /** The same with greater meaning closer, whatever the measure is. */
  closeness(anchor: number, other: number): number;
  readonly batch: PairBatch;
}

export interface MinerSettings<O> {
  readonly defaults: O;
  readonly distance: () => Measure;
  /** Throws a typed error for options that cannot be used. */
  readonly check?: (options: O & MinerOptions) => void;
}

/** Defines a miner by its rule over plain numbers; it has no gradient and leaves nothing but the indices. */
export function defineMiner<R extends PairIndices | TripletIndices, O extends object>(
  name: string,
  rule: (field: Field, options: O & MinerOptions) => R,
  settings: MinerSettings<O>,
): Miner<R, O> {
  const miner: Miner<R, O> = (embeddings, labels, options = {}) => {
    const own = { ...settings.defaults, ...options } as unknown as O & MinerOptions;
    settings.check?.(own);
    const measure = options.distance ?? settings.distance();
    return tidy(() => noGrad(() => rule(fieldOf(pairBatch(name, embeddings, labels, options, measure)), own)));
  };
  Object.defineProperty(miner, "name", { value: name });
  return miner;
}

function fieldOf(batch: PairBatch): Field {
  const [positives, negatives] = [batch.positives, batch.negatives].map((mask) => mask.data() as ArrayLike<number>);
  const [n, m] = batch.positives.shape as [number, number];
  const listed = (mask: ArrayLike<number>, i: number) =>
    Array.from({ length: m }, (_, j) => j).filter((j) => Boolean(mask[i * m + j]));
  const values = batch.values().data() as Float64Array;
  const sign = batch.measure.similarity ? 1 : -1;
  return {
    others: Array.from({ length: n }, (_, i) => ({
      positives: listed(positives!, i),
      negatives: listed(negatives!, i),
    })),
    value: (i, j) => values[i * m + j]!,
    closeness: (i, j) => sign * values[i * m + j]!,
    batch,
  };
}
