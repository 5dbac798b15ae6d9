import { asTensor, formatShape, maximum, minimum, ShapeError, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { bestOfThree } from "./neighbours.ts";

function greatest(x: Tensor, dim: number): Tensor {
  return bestOfThree(x, dim, maximum, Number.NEGATIVE_INFINITY);
}

/** The least of each pixel and its direct neighbours. */
function erode(x: Tensor, space: readonly number[]): Tensor {
  return space.map((dim) => bestOfThree(x, dim, minimum, Number.POSITIVE_INFINITY)).reduce(minimum);
}

/** What is left after an erosion and a dilation by the full neighbourhood: thin parts are gone. */
function open(x: Tensor, space: readonly number[]): Tensor {
  return space.reduce(greatest, erode(x, space));
}

/**
 * The soft skeleton of masks or probabilities: what openings remove, erosion after erosion.
 *
 * Shapes: `[N, C, d1, ...]` with one or more spatial dimensions, to the same shape.
 * Source: Shit et al., "clDice" (2021), arXiv 2003.07311.
 * @param options.iterations how many erosions; at least the greatest radius of the structures. Default 3.
 * @throws ShapeError without a spatial dimension; ArgumentError for iterations that are no whole number of 0 or more.
 * @example softSkeleton([[[[0, 0, 0], [1, 1, 1], [0, 0, 0]]]]).toArray() // [[[[0,0,0],[1,1,1],[0,0,0]]]]
 */
export function softSkeleton(x: TensorArg, { iterations = 3 }: { readonly iterations?: number } = {}): Tensor {
  const op = "softSkeleton";
  checkOption(
    op,
    "iterations",
    iterations,
    "a whole number of 0 or more",
    Number.isInteger(iterations) && iterations >= 0,
  );
  const given = asTensor(x);
  let image = given.dtype === "bool" ? given.to("float32") : given;
  if (image.ndim < 3) {
    throw new ShapeError({
      op,
      rule: "there must be a spatial dimension",
      received: formatShape(image.shape),
      expected: "[N, C, d1, ...]",
    });
  }
  if (image.size === 0) return image;
  const space = Array.from({ length: image.ndim - 2 }, (_, i) => i + 2);
  let skeleton = image.sub(open(image, space)).relu();
  for (let k = 0; k < iterations; k++) {
    image = erode(image, space);
    const found = image.sub(open(image, space)).relu();
    skeleton = skeleton.add(found.sub(skeleton.mul(found)).relu());
  }
  return skeleton;
}
