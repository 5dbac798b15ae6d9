import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { convInput } from "./conv.ts";
import { type ConvGeometry, checkConv, extent, type PerDimension, rankError, spread } from "./conv-geometry.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

export interface ConvTransposeOptions {
  /** Steps between the places where neighbouring inputs are added. Default 1. */
  readonly stride?: PerDimension;
  /** Rows and columns cut off at both ends of each dimension. Default 0. */
  readonly padding?: PerDimension;
  /** Added to the size at the end of each dimension; below `stride` or `dilation`. Default 0. */
  readonly outputPadding?: PerDimension;
  /** Distance between the elements of the kernel. Default 1. */
  readonly dilation?: PerDimension;
  /** Splits the channels into groups that do not see each other. Default 1. */
  readonly groups?: number;
}

function resultSize(op: string, g: Omit<ConvGeometry, "inputSize">, outputPadding: readonly number[]): number[] {
  return g.outputSize.map((size, i) => {
    const [step, gap, added] = [g.stride[i]!, g.dilation[i]!, outputPadding[i]!];
    if (added >= Math.max(step, gap)) {
      throw new ArgumentError({
        op,
        rule: "outputPadding must be below stride or dilation",
        received: `outputPadding ${formatShape(outputPadding)}, stride ${formatShape(g.stride)}, dilation ${formatShape(g.dilation)}`,
      });
    }
    const result = (size - 1) * step - 2 * g.padding[i]! + extent(g.kernelSize[i]!, gap) + added;
    if (result < 1) {
      throw new ShapeError({
        op,
        rule: "nothing is left after the padding",
        received: `input ${formatShape(g.outputSize)}, padding ${formatShape(g.padding)}, kernel ${formatShape(g.kernelSize)}`,
      });
    }
    return result;
  });
}

function convTranspose(
  op: string,
  ndim: number,
  input: TensorArg,
  kernel: TensorArg,
  addend: TensorArg | null | undefined,
  options: ConvTransposeOptions,
): Tensor {
  const [y, weight] = [asTensor(input), asTensor(kernel)];
  const bias = addend === null || addend === undefined ? undefined : asTensor(addend);
  if (weight.ndim !== ndim + 2 || (y.ndim !== ndim + 2 && y.ndim !== ndim + 1)) {
    throw rankError(op, ndim, y.shape, weight.shape);
  }
  if (y.ndim === ndim + 1) return squeeze(convTranspose(op, ndim, unsqueeze(y, 0), weight, bias, options), 0);
  const groups = options.groups ?? 1;
  const outChannels = weight.shape[1]! * groups;
  checkConv(op, ndim, [y, weight, bias], { groups, channels: weight.shape[0]!, outChannels });
  const partial = {
    stride: spread(op, "stride", options.stride ?? 1, ndim, 1),
    padding: spread(op, "padding", options.padding ?? 0, ndim, 0),
    dilation: spread(op, "dilation", options.dilation ?? 1, ndim, 1),
    groups,
    kernelSize: weight.shape.slice(2),
    outputSize: y.shape.slice(2),
  };
  const outputPadding = spread(op, "outputPadding", options.outputPadding ?? 0, ndim, 0);
  return convInput(y, weight, bias, { ...partial, inputSize: resultSize(op, partial, outputPadding) });
}

/** Transposed convolution over one dimension: input `[n, c, length]`, weight `[c, out / groups, k]`. See `convTranspose2d`. */
export function convTranspose1d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvTransposeOptions = {},
): Tensor {
  return convTranspose("convTranspose1d", 1, input, weight, bias, options);
}

/**
 * Transposed convolution over height and width: the gradient of `conv2d` with respect to its input, as a function of its own. Every input element
 * adds a copy of the kernel, scaled by it, to the output; neighbouring inputs are `stride` apart there.
 *
 * Shapes: input `[n, c, h, w]` or `[c, h, w]`, weight `[c, out / groups, kh, kw]`, bias `[out]`; result `[n, out, h', w']` with
 * h' = (h - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1. float32 or float64, the same for all.
 *
 * @throws ShapeError if channels or bias do not fit or nothing is left; ArgumentError for options out of range; DTypeError.
 * @example convTranspose2d([[[[1, 2]]]], [[[[1, 10]]]], null, { stride: 2 }).toArray() // [[[[1, 10, 2, 20]]]]
 */
export function convTranspose2d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvTransposeOptions = {},
): Tensor {
  return convTranspose("convTranspose2d", 2, input, weight, bias, options);
}

/** Transposed convolution over depth, height and width: input `[n, c, d, h, w]`. See `convTranspose2d`. */
export function convTranspose3d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvTransposeOptions = {},
): Tensor {
  return convTranspose("convTranspose3d", 3, input, weight, bias, options);
}
