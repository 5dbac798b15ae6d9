import {
  asTensor,
  formatShape,
  mean,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  zeros,
} from "@tenon/numerics";
import { realDoubles } from "../core/real-doubles.ts";

/** The dimensions behind batch and channels. */
export function spatialDims(x: Tensor): number[] {
  return Array.from({ length: x.ndim - 2 }, (_, i) => i + 2);
}

function checkRank(op: string, name: string, x: Tensor): void {
  if (x.ndim >= 3) return;
  throw new ShapeError({
    op,
    rule: `${name} must be a batch of images`,
    received: formatShape(x.shape),
    expected: "[n, channels, height, width], or more or fewer sizes at the end",
  });
}

/** One batch of images `[n, c, d1, ...]` as float64. */
export function imagesOf(op: string, input: TensorArg): Tensor {
  const [x] = realDoubles(input);
  checkRank(op, "the input", x);
  return x;
}

/** Two batches of images of one shape as float64. */
export function imagePair(op: string, input: TensorArg, target: TensorArg): [Tensor, Tensor] {
  const [x, y] = realDoubles(asTensor(input), asTensor(target));
  checkRank(op, "the input", x);
  if (sameShape(x.shape, y.shape)) return [x, y];
  throw new ShapeError({
    op,
    rule: "input and target differ in shape",
    received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
    expected: "the same shape",
  });
}

/** The differences of neighbours along a dimension. */
export function slopes(x: Tensor, dim: number): Tensor {
  const size = x.shape[dim]! - 1;
  return x.narrow(dim, 1, size).sub(x.narrow(dim, 0, size));
}

/** The mean of each image: over all dimensions but the first. */
export function meanOfImage(x: Tensor): Tensor {
  return mean(x.flatten(1), 1);
}

/** The sum of a term over the directions in which images have neighbours. */
export function addDirections(x: Tensor, term: (dim: number) => Tensor): Tensor {
  const terms = spatialDims(x)
    .filter((dim) => x.shape[dim]! > 1)
    .map(term);
  return terms.length === 0 ? zeros([x.shape[0]!], { dtype: x.dtype }) : terms.reduce((a, b) => a.add(b));
}
