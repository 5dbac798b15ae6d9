import { ArgumentError, defaultGenerator, type Generator } from "@tenon/numerics";
import type { SampleSource } from "./dataset.ts";
import { Subset } from "./subset.ts";

/**
 * Splits a data set at random into parts that do not overlap.
 * @param parts numbers of samples that sum to the length, or fractions that sum to 1 (each rounded down, the rest handed out one by one
 * from the first part)
 * @param options.generator default: the default generator
 * @example randomSplit(set, [0.9, 0.1])
 */
export function randomSplit<S>(
  source: SampleSource<S>,
  parts: readonly number[],
  { generator = defaultGenerator() }: { readonly generator?: Generator } = {},
): Subset<S>[] {
  const lengths = toLengths(parts, source.length);
  const order = generator.permutation(source.length);
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return new Subset(source, order.subarray(at - length, at));
  });
}

function toLengths(parts: readonly number[], total: number): readonly number[] {
  const sum = parts.reduce((a, b) => a + b, 0);
  const valid = parts.every((part) => part >= 0);
  if (valid && sum === total && parts.every(Number.isInteger)) return parts;
  if (!valid || Math.abs(sum - 1) > 1e-9) {
    throw new ArgumentError({
      op: "randomSplit",
      rule: "the parts neither sum to the number of samples nor to 1",
      received: `[${parts.join(", ")}] for ${total} samples`,
    });
  }
  const lengths = parts.map((part) => Math.floor(part * total));
  const rest = total - lengths.reduce((a, b) => a + b, 0);
  for (let i = 0; i < rest; i++) lengths[i % lengths.length]!++;
  return lengths;
}
