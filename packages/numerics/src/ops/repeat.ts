import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { expand } from "./expand.ts";
import { reshape } from "./reshape.ts";

/**
 * `x` repeated `counts[i]` times along dimension i; more counts than dimensions add leading ones. A copy.
 * @throws ShapeError for fewer counts than dimensions.
 */
export function repeat(x: TensorArg, counts: Shape): Tensor {
  const t = asTensor(x);
  if (counts.length < t.ndim || counts.some((c) => !Number.isSafeInteger(c) || c < 0)) {
    throw new ShapeError({
      op: "repeat",
      rule: "there must be a whole number of repetitions for every dimension",
      received: `${formatShape(counts)} for shape ${formatShape(t.shape)}`,
    });
  }
  const sizes = [...new Array<number>(counts.length - t.ndim).fill(1), ...t.shape];
  const between = sizes.flatMap((size) => [1, size]);
  const wide = sizes.flatMap((size, i) => [counts[i]!, size]);
  return reshape(
    expand(reshape(t, between), wide),
    sizes.map((size, i) => size * counts[i]!),
  );
}

/** `repeat` for which missing leading counts are 1. */
export function tile(x: TensorArg, counts: Shape): Tensor {
  const t = asTensor(x);
  return repeat(t, [...new Array<number>(Math.max(0, t.ndim - counts.length)).fill(1), ...counts]);
}
