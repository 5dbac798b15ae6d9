import { asTensor, formatShape, full, ShapeError, sameShape, type Tensor, type TensorArg } from "@tenon/numerics";

/** A number as a scalar in the dtype of `like`: as an argument of its own it would be a float32. */
export function constant(value: number, like: Tensor): Tensor {
  return full([], value, { dtype: like.dtype });
}

/** An option that is a number or a tensor, in the dtype of `like`. */
export function optionTensor(value: TensorArg, like: Tensor): Tensor {
  return typeof value === "number" ? constant(value, like) : asTensor(value).to(like.dtype);
}

/**
 * An option that is one number for all losses or one for each of them.
 * @throws ShapeError that names it and the tensor it must go with.
 * @example oneOrEach("bradleyTerryLoss", { margin }, { chosen })
 */
export function oneOrEach(
  op: string,
  option: Readonly<Record<string, TensorArg>>,
  tensor: Readonly<Record<string, Tensor>>,
): Tensor {
  const [[name, value], [other, like]] = [Object.entries(option)[0]!, Object.entries(tensor)[0]!];
  const given = optionTensor(value, like);
  if (given.ndim === 0 || sameShape(given.shape, like.shape)) return given;
  throw new ShapeError({
    op,
    rule: `${name} must be one number, or one for each of ${other}`,
    received: `${name} ${formatShape(given.shape)}, ${other} ${formatShape(like.shape)}`,
    expected: `a scalar or ${formatShape(like.shape)}`,
  });
}
