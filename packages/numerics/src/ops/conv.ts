import { asTensor } from "../create.ts";
import type { OnnxAttribute } from "../graph/onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import {
  type ConvGeometry,
  checkConv,
  extent,
  forwardSizes,
  kernelDims,
  type PerDimension,
  rankError,
  spread,
} from "./conv-geometry.ts";
import { expand } from "./expand.ts";
import { reshape } from "./reshape.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

export interface ConvOptions {
  /** Steps between neighbouring outputs. Default 1. */
  readonly stride?: PerDimension;
  /** Zeros added at both ends of each dimension; "same" keeps the size (stride 1 only), "valid" adds none. Default 0. */
  readonly padding?: PerDimension | "same" | "valid";
  /** Distance between the elements of the kernel. Default 1. */
  readonly dilation?: PerDimension;
  /** Splits the channels into groups that do not see each other. Default 1. */
  readonly groups?: number;
}

type Float = "float32";

const forward: OneOutput<ConvGeometry> = {
  name: "conv",
  shape: ([x, weight], { outputSize }) => ({
    shape: [x!.shape[0]!, weight!.shape[0]!, ...outputSize],
    dtype: x!.dtype,
  }),
  forward: (k, [x, weight, bias], geometry, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    if (y.size === 0) return y;
    const [sizes, extents] = kernelDims(geometry, shape[0]!, x!.shape[1]!, shape[1]!);
    const scratch = engine().scratch(k.convScratch[dtype as Float](sizes, extents, 0));
    const addend = bias === undefined ? 0 : bias.contiguous().ptr;
    k.conv[dtype as Float](x!.contiguous().ptr, weight!.contiguous().ptr, addend, y.ptr, sizes, extents, scratch);
    return y;
  },
  gradient: ({ inputs: [x, weight], dy, attrs, needs }) => [
    needs[0] ? convInput(dy, weight!, undefined, attrs) : null,
    needs[1] ? apply(weightGradient, [x!, dy], attrs) : null,
    needs[2] ? apply(channelSum, [dy], {}) : null,
  ],
  saves: { inputs: (needs) => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])] },
  onnx: (g, [x, weight, bias], attrs) => g.node("Conv", [x!, weight!, bias ?? null], onnxAttributes(attrs)),
};

/** The transpose of `forward` with respect to its input: that gradient, and the transposed convolution. */
const transposed: OneOutput<ConvGeometry> = {
  name: "convTranspose",
  shape: ([y, weight], { groups, inputSize }) => ({
    shape: [y!.shape[0]!, weight!.shape[1]! * groups, ...inputSize],
    dtype: y!.dtype,
  }),
  forward: (k, [y, weight, bias], geometry, { shape, dtype }) => {
    const x = allocate(shape, dtype);
    if (x.size === 0) return x;
    const [sizes, extents] = kernelDims(geometry, shape[0]!, shape[1]!, y!.shape[1]!);
    const scratch = engine().scratch(k.convScratch[dtype as Float](sizes, extents, 1));
    const addend = bias === undefined ? 0 : bias.contiguous().ptr;
    k.convInputGrad[dtype as Float](
      y!.contiguous().ptr,
      weight!.contiguous().ptr,
      addend,
      x.ptr,
      sizes,
      extents,
      scratch,
    );
    return x;
  },
  // Linear in both: transposing back is the forward convolution.
  gradient: ({ inputs: [y, weight], dy: dx, attrs, needs }) => [
    needs[0] ? apply(forward, [dx, weight!], attrs) : null,
    needs[1] ? apply(weightGradient, [dx, y!], attrs) : null,
    needs[2] ? apply(channelSum, [dx], {}) : null,
  ],
  saves: { inputs: (needs) => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])] },
  onnx: (g, [y, weight, bias], attrs) => {
    const { inputSize, outputSize, padding, stride, kernelSize, dilation } = attrs;
    // What a plain transposed convolution gives beyond `inputSize` is cut off at the end; what is missing there is output padding.
    const surplus = outputSize.map(
      (size, i) => (size - 1) * stride[i]! + extent(kernelSize[i]!, dilation[i]!) - padding[i]! - inputSize[i]!,
    );
    return g.node("ConvTranspose", [y!, weight!, bias ?? null], {
      ...onnxAttributes(attrs),
      pads: [...padding, ...surplus.map((s) => Math.max(s, 0))],
      output_padding: surplus.map((s) => Math.max(-s, 0)),
    });
  },
};

const weightGradient: OneOutput<ConvGeometry> = {
  name: "convWeightGrad",
  shape: ([x, dy], { groups, kernelSize }) => ({
    shape: [dy!.shape[1]!, x!.shape[1]! / groups, ...kernelSize],
    dtype: x!.dtype,
  }),
  forward: (k, [x, dy], geometry, { shape, dtype }) => {
    const dw = allocate(shape, dtype);
    if (x!.size === 0) {
      k.fill[dtype === "float64" ? 8 : 4](dw.ptr, dw.size, 0, 0);
      return dw;
    }
    const [sizes, extents] = kernelDims(geometry, x!.shape[0]!, x!.shape[1]!, dy!.shape[1]!);
    const scratch = engine().scratch(k.convWeightScratch[dtype as Float](sizes, extents));
    k.convWeightGrad[dtype as Float](x!.contiguous().ptr, dy!.contiguous().ptr, dw.ptr, sizes, extents, scratch);
    return dw;
  },
  gradient: ({ inputs: [x, dy], dy: ddw, attrs, needs }) => [
    needs[0] ? convInput(dy!, ddw, undefined, attrs) : null,
    needs[1] ? apply(forward, [x!, ddw], attrs) : null,
  ],
  onnx: unsupported("it appears in gradients only"),
};

/** `[n, c, ...] -> [c]`: the gradient of a bias per channel, summed in float64. */
const channelSum: OneOutput<object> = {
  name: "channelSum",
  shape: ([dy]) => ({ shape: [dy!.shape[1]!], dtype: dy!.dtype }),
  forward: (k, [dy], _attrs, { shape, dtype }) => {
    const db = allocate(shape, dtype);
    const [batch, channels] = dy!.shape as [number, number];
    k.convBiasGrad[dtype as Float](
      dy!.contiguous().ptr,
      db.ptr,
      batch,
      channels,
      dy!.size / Math.max(batch * channels, 1),
    );
    return db;
  },
  gradient: ({ specs, dy }) => {
    const shape = specs[0]!.shape;
    return [expand(reshape(dy, [shape[1]!, ...shape.slice(2).fill(1)]), shape)];
  },
  saves: { inputs: "none" },
  onnx: unsupported("it appears in gradients only"),
};

function onnxAttributes(g: ConvGeometry): Record<string, OnnxAttribute> {
  const end = g.outputSize.map((size, i) => {
    const used = (size - 1) * g.stride[i]! + extent(g.kernelSize[i]!, g.dilation[i]!);
    return Math.max(0, used - g.inputSize[i]! - g.padding[i]!);
  });
  return {
    strides: g.stride,
    pads: [...g.padding, ...end],
    dilations: g.dilation,
    group: g.groups,
    kernel_shape: g.kernelSize,
  };
}

/** What of `y`, shaped like a convolution's output, flows back through `weight` to its input. For authors of operations. */
export function convInput(y: Tensor, weight: Tensor, bias: Tensor | undefined, geometry: ConvGeometry): Tensor {
  return apply(transposed, bias === undefined ? [y, weight] : [y, weight, bias], geometry);
}

function conv(
  op: string,
  ndim: number,
  input: TensorArg,
  kernel: TensorArg,
  addend: TensorArg | null | undefined,
  options: ConvOptions,
): Tensor {
  const [x, weight] = [asTensor(input), asTensor(kernel)];
  const bias = addend === null || addend === undefined ? undefined : asTensor(addend);
  if (weight.ndim !== ndim + 2 || (x.ndim !== ndim + 2 && x.ndim !== ndim + 1)) {
    throw rankError(op, ndim, x.shape, weight.shape);
  }
  if (x.ndim === ndim + 1) return squeeze(conv(op, ndim, unsqueeze(x, 0), weight, bias, options), 0);
  const groups = options.groups ?? 1;
  checkConv(op, ndim, [x, weight, bias], {
    groups,
    channels: weight.shape[1]! * groups,
    outChannels: weight.shape[0]!,
  });
  const stride = spread(op, "stride", options.stride ?? 1, ndim, 1);
  const dilation = spread(op, "dilation", options.dilation ?? 1, ndim, 1);
  const inputSize = x.shape.slice(2);
  const kernelSize = weight.shape.slice(2);
  const sizes = forwardSizes(op, inputSize, kernelSize, stride, dilation, options.padding ?? 0);
  const geometry: ConvGeometry = { stride, dilation, groups, kernelSize, inputSize, ...sizes };
  return apply(forward, bias === undefined ? [x, weight] : [x, weight, bias], geometry);
}

/** Convolution over one dimension: input `[n, c, length]` or `[c, length]`, weight `[out, c / groups, k]`. See `conv2d`. */
export function conv1d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvOptions = {},
): Tensor {
  return conv("conv1d", 1, input, weight, bias, options);
}

/**
 * Convolution over height and width (cross-correlation, as in all learning libraries).
 * `y[n, o, i, j] = bias[o] + sum over c, p, q of weight[o, c, p, q] * x[n, c, i * stride + p * dilation - padding, ...]`, x being 0 outside.
 *
 * Shapes: input `[n, c, h, w]` or `[c, h, w]`, weight `[out, c / groups, kh, kw]`, bias `[out]`; result `[n, out, h', w']` with
 * h' = floor((h + 2 padding - dilation (kh - 1) - 1) / stride) + 1. float32 or float64, the same for all; sums are in that type.
 * Output channel o sees the input channels of its group, of which there are `groups`.
 *
 * A zero of the padding times an infinite weight is NaN, as in IEEE arithmetic.
 *
 * @throws ShapeError if channels, bias or kernel do not fit; ArgumentError for options out of range; DTypeError for other element types.
 * @example conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), [0.5]).toArray() // [[[[4.5, 4.5], [4.5, 4.5]]]]
 */
export function conv2d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvOptions = {},
): Tensor {
  return conv("conv2d", 2, input, weight, bias, options);
}

/** Convolution over depth, height and width: input `[n, c, d, h, w]` or `[c, d, h, w]`. See `conv2d`. */
export function conv3d(
  input: TensorArg,
  weight: TensorArg,
  bias?: TensorArg | null,
  options: ConvOptions = {},
): Tensor {
  return conv("conv3d", 3, input, weight, bias, options);
}
