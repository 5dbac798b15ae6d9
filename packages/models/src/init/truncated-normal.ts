import type { Generator } from "@tenon/numerics";

/**
 * One draw of a standard normal number given that it lies in [a, b], by rejection with whichever proposal is taken often
 * enough: the normal itself, an even one, or in a tail an exponential one. Exact for every interval.
 * Source: Robert, "Simulation of truncated normal variables" (1995).
 */
export function truncatedNormal(a: number, b: number, generator: Generator): number {
  if (b < 0) return -truncatedNormal(-b, -a, generator);
  if (a > 0) return tail(a, b, generator);
  // Around the mean: in a narrow interval the density hardly varies, in a wide one most normal draws fall inside.
  if (b - a < 1.6) return even(a, b, 0, generator);
  for (;;) {
    const x = generator.normal();
    if (x >= a && x <= b) return x;
  }
}

function tail(a: number, b: number, generator: Generator): number {
  const rate = (a + Math.sqrt(a * a + 4)) / 2;
  if (b - a < 1 / rate) return even(a, b, a, generator);
  for (;;) {
    const x = a - Math.log1p(-generator.uniform()) / rate;
    if (x <= b && generator.uniform() <= Math.exp(-((x - rate) ** 2) / 2)) return x;
  }
}

/** Even proposals; the density is greatest at `peak`. */
function even(a: number, b: number, peak: number, generator: Generator): number {
  for (;;) {
    const x = generator.uniform(a, b);
    if (generator.uniform() <= Math.exp((peak * peak - x * x) / 2)) return x;
  }
}
