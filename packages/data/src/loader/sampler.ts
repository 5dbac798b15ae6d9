import { ArgumentError, type Generator } from "@tenon/numerics";

/** In which order samples are taken. */
export interface Sampler {
  /** Number of samples of an epoch. */
  readonly length: number;
  /** The indices of an epoch; `random` is the epoch's own generator. */
  order(random: Generator): ArrayLike<number>;
}

/** 0, 1, 2, ... */
export class SequentialSampler implements Sampler {
  readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  order(): Uint32Array {
    return Uint32Array.from({ length: this.length }, (_, i) => i);
  }
}

/** All samples in random order, another one each epoch. */
export class RandomSampler implements Sampler {
  readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  order(random: Generator): Uint32Array {
    return random.permutation(this.length);
  }
}

/**
 * `count` samples drawn with replacement, sample i with a probability proportional to `weights[i]`.
 * Source: torch.utils.data.WeightedRandomSampler.
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly #sums: Float64Array;

  constructor(weights: ArrayLike<number>, count: number = weights.length) {
    this.length = count;
    let sum = 0;
    this.#sums = Float64Array.from(weights, (weight) => {
      if (!(weight >= 0 && Number.isFinite(weight))) {
        throw new ArgumentError({
          op: "WeightedRandomSampler",
          rule: "weights must be finite and not negative",
          received: String(weight),
        });
      }
      sum += weight;
      return sum;
    });
    if (sum === 0) throw new ArgumentError({ op: "WeightedRandomSampler", rule: "all weights are 0" });
  }

  order(random: Generator): Uint32Array {
    const sums = this.#sums;
    const total = sums[sums.length - 1]!;
    return Uint32Array.from({ length: this.length }, () => {
      const x = random.uniform(0, total);
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (sums[middle]! > x) high = middle;
        else low = middle + 1;
      }
      return low;
    });
  }
}

/** The indices of each batch, from batch `first` on. */
export function* batchesOf(
  order: ArrayLike<number>,
  batchSize: number,
  dropLast: boolean,
  first: number,
): IterableIterator<Uint32Array> {
  const end = dropLast ? order.length - (order.length % batchSize) : order.length;
  const indices = Uint32Array.from(order);
  for (let at = first * batchSize; at < end; at += batchSize) yield indices.slice(at, Math.min(at + batchSize, end));
}
