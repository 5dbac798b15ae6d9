import { formatShape, ShapeError, type Tensor, type TensorArg, tensor } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { imagesOf, spatialDims } from "./images.ts";

export interface DisplacementOptions {
  /** Measures places and displacements in sizes of the field instead of pixels, so that its resolution makes little difference. Default false. */
  readonly normalize?: boolean;
}

/** Where a neighbour lies: one before, here or one behind, by dimension. */
type Step = Readonly<Record<number, -1 | 0 | 1>>;

/** The field at a step from every inner pixel. */
function neighbours(x: Tensor, step: Step): Tensor {
  return spatialDims(x).reduce((part, dim) => part.narrow(dim, 1 + (step[dim] ?? 0), x.shape[dim]! - 2), x);
}

/** Half the difference of the neighbours along a dimension. */
function slope(x: Tensor, dim: number): Tensor {
  return neighbours(x, { [dim]: 1 })
    .sub(neighbours(x, { [dim]: -1 }))
    .mul(0.5);
}

function curvature(x: Tensor, dim: number): Tensor {
  const here = neighbours(x, {});
  return neighbours(x, { [dim]: 1 })
    .sub(here)
    .sub(here.sub(neighbours(x, { [dim]: -1 })));
}

function twist(x: Tensor, one: number, other: number): Tensor {
  const at = (a: -1 | 1, b: -1 | 1) => neighbours(x, { [one]: a, [other]: b });
  return at(1, 1)
    .sub(at(1, -1))
    .sub(at(-1, 1).sub(at(-1, -1)))
    .mul(0.25);
}

/** A derivative by the dimensions, in sizes of the field where wanted: a factor for each component. */
function scaled(derivative: Tensor, x: Tensor, dims: readonly number[], { normalize = false }: DisplacementOptions) {
  if (!normalize) return derivative;
  const sizes = dims.reduce((product, dim) => product * x.shape[dim]!, 1);
  const factors = spatialDims(x).map((dim) => sizes / x.shape[dim]!);
  return derivative.mul(tensor(factors, { dtype: x.dtype }).reshape([1, -1, ...spatialDims(x).map(() => 1)]));
}

/** Displacement fields `[n, D, d1, ..., dD]` as float64. */
function fieldsOf(op: string, input: TensorArg): Tensor {
  const x = imagesOf(op, input);
  const sizes = x.shape.slice(2);
  if (x.shape[1] === sizes.length && sizes.every((size) => size > 2)) return x;
  throw new ShapeError({
    op,
    rule: "the input must be displacement fields: a component for each direction, three pixels or more in each",
    received: formatShape(x.shape),
    expected: `[n, ${sizes.length}, ${sizes.map((_, i) => `d${i + 1}`).join(", ")}]`,
  });
}

/**
 * Bending energy of displacement fields: the sum of the squares of all second derivatives, `sum over i of u_ii^2 + 2 sum over i < j of u_ij^2`, at every inner pixel. Fields
 * that move, turn, stretch and shear the whole image cost nothing.
 *
 * Shapes: input `[n, D, d1, ..., dD]`, D components in D directions of three pixels or more, to a scalar, or `[n, D, d1 - 2, ...]` with `reduction: "none"`. The derivatives are
 * `x_(i+1) - 2 x_i + x_(i-1)` and the mixed difference of the four diagonal neighbours over 4, as MONAI since it dropped the wider ones.
 * Source: Rueckert et al., "Nonrigid Registration Using Free-Form Deformations: Application to Breast MR Images" (1999).
 * @throws ShapeError unless there is a component for each direction and three pixels in each.
 * @example bendingEnergyLoss([[[0, 1, 4, 9]]]).item() // 4
 */
export const bendingEnergyLoss = /* @__PURE__ */ lossFunction(
  "bendingEnergyLoss",
  (input: TensorArg, options: DisplacementOptions): Tensor => {
    const x = fieldsOf("bendingEnergyLoss", input);
    const dims = spatialDims(x);
    const straight = dims.map((dim) => scaled(curvature(x, dim), x, [dim, dim], options).square());
    const mixed = dims.flatMap((one) =>
      dims
        .filter((other) => other > one)
        .map((other) =>
          scaled(twist(x, one, other), x, [one, other], options)
            .square()
            .mul(2),
        ),
    );
    return [...straight, ...mixed].reduce((a, b) => a.add(b));
  },
);

/** `bendingEnergyLoss` with its options kept. */
export const BendingEnergyLoss = /* @__PURE__ */ lossClass("BendingEnergyLoss", bendingEnergyLoss);

/**
 * Diffusion regulariser of displacement fields: the sum of the squares of all first derivatives, `sum over i of u_i^2`, at every inner pixel, by central differences.
 *
 * Shapes: input `[n, D, d1, ..., dD]`, D components in D directions of three pixels or more, to a scalar, or `[n, D, d1 - 2, ...]` with `reduction: "none"`. As MONAI.
 * Source: Balakrishnan et al., "VoxelMorph: A Learning Framework for Deformable Medical Image Registration" (2019), arXiv 1809.05231.
 * @throws ShapeError unless there is a component for each direction and three pixels in each.
 * @example diffusionLoss([[[0, 1, 4, 9]]]).item() // 10
 */
export const diffusionLoss = /* @__PURE__ */ lossFunction(
  "diffusionLoss",
  (input: TensorArg, options: DisplacementOptions): Tensor => {
    const x = fieldsOf("diffusionLoss", input);
    return spatialDims(x)
      .map((dim) => scaled(slope(x, dim), x, [dim], options).square())
      .reduce((a, b) => a.add(b));
  },
);

/** `diffusionLoss` with its options kept. */
export const DiffusionLoss = /* @__PURE__ */ lossClass("DiffusionLoss", diffusionLoss);
