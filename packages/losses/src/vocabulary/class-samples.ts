import {
  ArgumentError,
  asTensor,
  defaultGenerator,
  expm1,
  fromTypedArray,
  type Generator,
  log1p,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";

/** Classes drawn to stand for all others, and how often a class was to be expected among them. */
export interface ClassSamples {
  /** `[S]`, int64. */
  readonly ids: TensorArg;
  /** Expected count of each of these classes in such a sample, float64 in their shape. */
  readonly expectedCount: (ids: Tensor) => Tensor;
}

/** Draws classes: `sampler(64)`. */
export type ClassSampler = (count: number) => ClassSamples;

export interface LogUniformOptions {
  /** Whether a sample holds every class at most once. Default true. */
  readonly unique?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

const OP = "logUniformSampler";

/**
 * Draws class k of C with probability `log((k + 2) / (k + 1)) / log(C + 1)`: about what words do that are numbered from frequent to rare (Zipf).
 *
 * A unique sample is drawn until it has enough different classes, in as many tries as that takes; then a class is expected `1 - (1 - p)^tries` times, computed as
 * `-expm1(tries log1p(-p))`, else `p` times the number of draws.
 * @throws ArgumentError for a number of classes or samples that cannot be.
 * @example logUniformSampler(10000, { generator: new Generator(1) })(5).ids.shape // [5]
 */
export function logUniformSampler(
  numClasses: number,
  { unique = true, generator = defaultGenerator() }: LogUniformOptions = {},
): (count: number) => ClassSamples & { readonly ids: Tensor } {
  if (!Number.isSafeInteger(numClasses) || numClasses < 1) {
    throw new ArgumentError({ op: OP, rule: "there must be a class to draw", received: `${numClasses} classes` });
  }
  const range = Math.log1p(numClasses);
  const draw = () => Math.min(numClasses - 1, Math.floor(Math.expm1(generator.uniform() * range)));
  return (count) => {
    if (!Number.isSafeInteger(count) || count < 1 || (unique && count > numClasses)) {
      throw new ArgumentError({
        op: OP,
        rule: unique ? "there are not that many different classes" : "the sample needs a size",
        received: `${count} of ${numClasses}`,
      });
    }
    const found: number[] = [];
    const seen = new Set<number>();
    let tries = 0;
    while (found.length < count) {
      const id = draw();
      tries++;
      if (unique && seen.has(id)) continue;
      seen.add(id);
      found.push(id);
    }
    return {
      ids: fromTypedArray(BigInt64Array.from(found, BigInt), [count]),
      expectedCount: (ids) => {
        const p = log1p(asTensor(ids).to("float64").add(1).pow(-1)).div(range);
        return unique ? expm1(log1p(p.neg()).mul(tries)).neg() : p.mul(count);
      },
    };
  };
}
