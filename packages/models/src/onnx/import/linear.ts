import {
  add,
  amax,
  avgPool1d,
  avgPool2d,
  batchNorm,
  cat,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  div,
  full,
  groupNorm,
  isFloatingPoint,
  layerNorm,
  linear as linearLayer,
  logSoftmax,
  matmul,
  maxPool1d,
  maxPool2d,
  mean,
  mul,
  nll,
  onesLike,
  pow,
  rsqrt,
  slice,
  softmaxCrossEntropy,
  sub,
  type Tensor,
  to,
  transpose,
} from "@tenon/numerics";
import { type Attributes, intAttribute, intsAttribute, stringAttribute } from "../operators/operator.ts";
import { binary, floatAttribute, type NodeCall, type Operation, unsupportedForm } from "./operation.ts";

interface Window {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Padding at the beginning and the end of each dimension. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Strides, dilations and padding of a window, with `auto_pad` worked out. */
function windowOf(x: Tensor, kernel: readonly number[], attributes: Attributes): Window {
  const dims = kernel.length;
  const stride = intsAttribute(attributes, "strides") ?? kernel.map(() => 1);
  const dilation = intsAttribute(attributes, "dilations") ?? kernel.map(() => 1);
  const pads = intsAttribute(attributes, "pads") ?? new Array<number>(2 * dims).fill(0);
  const auto = stringAttribute(attributes, "auto_pad", "NOTSET");
  if (!auto.startsWith("SAME")) return { stride, dilation, before: pads.slice(0, dims), after: pads.slice(dims) };
  const total = kernel.map((k, i) => {
    const size = x.shape[i + 2]!;
    const places = Math.ceil(size / stride[i]!);
    return Math.max(0, (places - 1) * stride[i]! + dilation[i]! * (k - 1) + 1 - size);
  });
  const small = total.map((t) => Math.floor(t / 2));
  const large = total.map((t, i) => t - small[i]!);
  const lower = auto === "SAME_LOWER";
  return { stride, dilation, before: lower ? large : small, after: lower ? small : large };
}

/** Padding that differs between the ends, or that a pooling does not take, is added to the input; the window then has none. */
function evened(
  x: Tensor,
  { before, after }: Window,
  value: number,
  most?: readonly number[],
): { readonly x: Tensor; readonly padding: number[] } {
  const plain = before.every((pad, i) => pad === after[i] && (most === undefined || pad <= most[i]! / 2));
  if (plain) return { x, padding: [...before] };
  const wide = before.reduce((y, count, i) => {
    const end = (size: number) =>
      full(
        y.shape.map((s, d) => (d === i + 2 ? size : s)),
        value,
        { dtype: y.dtype },
      );
    return cat([end(count), y, end(after[i]!)], i + 2);
  }, x);
  return { x: wide, padding: before.map(() => 0) };
}

const convolutions = [conv1d, conv2d, conv3d] as const;
const transposed = [convTranspose1d, convTranspose2d, convTranspose3d] as const;

function conv({ inputs: [x, w, b], attributes }: NodeCall): Tensor {
  const kernel = w!.shape.slice(2);
  const fn = convolutions[kernel.length - 1] ?? unsupportedForm(`Conv over ${kernel.length} dimensions`);
  const window = windowOf(x!, kernel, attributes);
  const even = evened(x!, window, 0);
  const { stride, dilation } = window;
  return fn(even.x, w!, b ?? null, {
    stride,
    dilation,
    padding: even.padding,
    groups: intAttribute(attributes, "group", 1),
  });
}

function convTranspose({ inputs: [x, w, b], attributes }: NodeCall): Tensor {
  const kernel = w!.shape.slice(2);
  const fn = transposed[kernel.length - 1] ?? unsupportedForm(`ConvTranspose over ${kernel.length} dimensions`);
  const { stride, dilation, before, after, outputPadding } = transposedWindow(x!, kernel, attributes);
  const options = { stride, dilation, outputPadding, groups: intAttribute(attributes, "group", 1) };
  if (before.every((pad, i) => pad === after[i])) return fn(x!, w!, b ?? null, { ...options, padding: before });
  // What is cut off differs between the ends.
  const whole = fn(x!, w!, b ?? null, options);
  return before.reduce((y, start, i) => slice(y, i + 2, { start, end: y.shape[i + 2]! - after[i]! }), whole);
}

/** The window of a transposed convolution, where `output_shape` and `auto_pad` say how much is cut off or added. */
function transposedWindow(
  x: Tensor,
  kernel: readonly number[],
  attributes: Attributes,
): Window & { readonly outputPadding: readonly number[] } {
  const { auto_pad, ...others } = Object.fromEntries(attributes);
  const window = windowOf(x, kernel, new Map(Object.entries(others)));
  const outputPadding = intsAttribute(attributes, "output_padding") ?? kernel.map(() => 0);
  const auto = (auto_pad?.value as string | undefined) ?? "NOTSET";
  const same = auto.startsWith("SAME") ? x.shape.slice(2).map((size, i) => size * window.stride[i]!) : undefined;
  const wanted = intsAttribute(attributes, "output_shape")?.slice(-kernel.length) ?? same;
  if (wanted === undefined) return { ...window, outputPadding };
  const total = wanted.map((size, i) => {
    const reach = window.stride[i]! * (x.shape[i + 2]! - 1) + (kernel[i]! - 1) * window.dilation[i]! + 1;
    return reach + outputPadding[i]! - size;
  });
  const half = total.map((t) => Math.floor(Math.max(0, t) / 2));
  const rest = total.map((t, i) => Math.max(0, t) - half[i]!);
  const upper = auto === "SAME_UPPER";
  return {
    ...window,
    before: upper ? half : rest,
    after: upper ? rest : half,
    outputPadding: outputPadding.map((size, i) => size + Math.max(0, -total[i]!)),
  };
}

type Pair = number | readonly [number, number];

function pair(values: readonly number[]): Pair {
  return values.length === 1 ? values[0]! : (values as unknown as readonly [number, number]);
}

function maxPool({ inputs: [x], attributes, outputs }: NodeCall): Tensor {
  const kernel = intsAttribute(attributes, "kernel_shape")!;
  if (kernel.length > 2 || outputs > 1) unsupportedForm("MaxPool over three dimensions, or with indices");
  const window = windowOf(x!, kernel, attributes);
  const floating = isFloatingPoint(x!.dtype) ? x! : to(x!, "float32");
  const even = evened(floating, window, Number.NEGATIVE_INFINITY, kernel);
  const ceilMode = intAttribute(attributes, "ceil_mode", 0) === 1;
  const options = { padding: pair(even.padding), dilation: pair(window.dilation), ceilMode };
  if (kernel.length === 1) return to(maxPool1d(even.x, kernel[0]!, window.stride[0]!, options), x!.dtype);
  return to(maxPool2d(even.x, pair(kernel), pair(window.stride), options), x!.dtype);
}

function averagePool({ inputs: [x], attributes }: NodeCall): Tensor {
  const kernel = intsAttribute(attributes, "kernel_shape")!;
  const window = windowOf(x!, kernel, attributes);
  const { stride, dilation, before, after } = window;
  if (kernel.length > 2 || dilation.some((d) => d !== 1))
    unsupportedForm("AveragePool over three dimensions or dilated");
  const countIncludePad = intAttribute(attributes, "count_include_pad", 0) === 1;
  const ceilMode = intAttribute(attributes, "ceil_mode", 0) === 1;
  const pool = (source: Tensor, padding: readonly number[]) => {
    const options = { padding: pair(padding), ceilMode, countIncludePad };
    if (kernel.length === 1) return avgPool1d(source, kernel[0]!, stride[0]!, options);
    return avgPool2d(source, pair(kernel), pair(stride), options);
  };
  const even = evened(x!, window, 0, kernel);
  const added = even.x !== x && [...before, ...after].some((pad) => pad > 0);
  if (!added || countIncludePad) return pool(even.x, even.padding);
  // The zeros that were added do not count: divide by the share of each window that does.
  return div(pool(even.x, even.padding), pool(evened(onesLike(x!), window, 0, kernel).x, even.padding));
}

const globalPool =
  (fn: (x: Tensor, dims: readonly number[], options: { readonly keepdim: boolean }) => Tensor): Operation =>
  ({ inputs: [x] }) =>
    fn(x!, x!.shape.map((_, i) => i).slice(2), { keepdim: true });

function gemm({ inputs: [a, b, c], attributes }: NodeCall): Tensor {
  const [transA, transB] = [intAttribute(attributes, "transA", 0) === 1, intAttribute(attributes, "transB", 0) === 1];
  const [alpha, beta] = [floatAttribute(attributes, "alpha", 1), floatAttribute(attributes, "beta", 1)];
  const plain = alpha === 1 && beta === 1 && transB && !transA && isFloatingPoint(a!.dtype);
  if (plain && (c == null || (c.ndim === 1 && c.size === b!.shape[0]))) return linearLayer(a!, b!, c ?? null);
  const scaled = (x: Tensor, factor: number) => (factor === 1 ? x : mul(x, factor));
  const product = matmul(transA ? transpose(a!, 0, 1) : a!, transB ? transpose(b!, 0, 1) : b!);
  return c == null ? scaled(product, alpha) : add(scaled(product, alpha), scaled(c, beta));
}

function batchNormalization({ inputs, attributes, outputs }: NodeCall): Tensor {
  const [x, weight, bias, runningMean, runningVar] = inputs as readonly Tensor[];
  if (outputs > 1 || intAttribute(attributes, "training_mode", 0) === 1)
    unsupportedForm("BatchNormalization in training");
  return batchNorm(x!, runningMean!, runningVar!, { weight: weight!, bias: bias!, eps: epsilon(attributes) });
}

function epsilon(attributes: Attributes): number {
  return floatAttribute(attributes, "epsilon", 1e-5);
}

function layerNormalization({ inputs: [x, weight, bias], attributes, outputs }: NodeCall): Tensor[] {
  const axis = intAttribute(attributes, "axis", -1);
  const y = layerNorm(x!, x!.shape.slice(axis), { weight: weight!, bias: bias ?? null, eps: epsilon(attributes) });
  if (outputs === 1) return [y];
  const dims = x!.shape.map((_, i) => i).slice(axis);
  const average = mean(x!, dims, { keepdim: true });
  const centred = sub(x!, average);
  const variance = mean(mul(centred, centred), dims, { keepdim: true });
  return [y, average, rsqrt(add(variance, epsilon(attributes)))];
}

function rmsNormalization({ inputs: [x, weight], attributes }: NodeCall): Tensor {
  const dims = x!.shape.map((_, i) => i).slice(intAttribute(attributes, "axis", -1));
  const square = mean(mul(x!, x!), dims, { keepdim: true });
  return mul(mul(x!, rsqrt(add(square, epsilon(attributes)))), weight!);
}

function instanceNormalization({ inputs: [x, weight, bias], attributes }: NodeCall): Tensor {
  return groupNorm(x!, x!.shape[1]!, { weight: weight!, bias: bias!, eps: epsilon(attributes) });
}

function groupNormalization({ inputs: [x, weight, bias], attributes, opset }: NodeCall): Tensor {
  if (opset < 21) unsupportedForm("GroupNormalization of operator sets before 21");
  const groups = intAttribute(attributes, "num_groups", 1);
  return groupNorm(x!, groups, { weight: weight!, bias: bias!, eps: epsilon(attributes) });
}

function localResponse({ inputs: [x], attributes }: NodeCall): Tensor {
  const size = intAttribute(attributes, "size", 1);
  const alpha = floatAttribute(attributes, "alpha", 1e-4) / size;
  const before = Math.floor((size - 1) / 2);
  const channels = x!.shape[1]!;
  const none = (count: number) =>
    full(
      x!.shape.map((s, i) => (i === 1 ? count : s)),
      0,
      { dtype: x!.dtype },
    );
  const squares = cat([none(before), mul(x!, x!), none(size - 1 - before)], 1);
  const near = Array.from({ length: size }, (_, i) => slice(squares, 1, { start: i, end: i + channels }));
  const scale = add(
    mul(
      near.reduce((a, b) => add(a, b)),
      alpha,
    ),
    floatAttribute(attributes, "bias", 1),
  );
  return div(x!, pow(scale, floatAttribute(attributes, "beta", 0.75)));
}

function classLoss(attributes: Attributes, weight: Tensor | null | undefined) {
  const reduction = stringAttribute(attributes, "reduction", "mean") as "mean" | "sum" | "none";
  // Without the attribute no label is ignored; no class has this number.
  const ignoreIndex = intAttribute(attributes, "ignore_index", Number.MIN_SAFE_INTEGER);
  return { reduction, ignoreIndex, ...(weight == null ? {} : { weight }) };
}

function crossEntropy({ inputs: [x, target, weight], attributes, outputs }: NodeCall): Tensor[] {
  const loss = softmaxCrossEntropy(x!, target!, classLoss(attributes, weight));
  return outputs === 1 ? [loss] : [loss, logSoftmax(x!, 1)];
}

/** Products, convolutions, pooling, normalisation and losses, by ONNX's names. */
export const linear: Readonly<Record<string, Operation>> = {
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  GlobalAveragePool: globalPool(mean),
  GlobalMaxPool: globalPool(amax),
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LRN: localResponse,
  LayerNormalization: layerNormalization,
  MatMul: binary(matmul),
  MaxPool: maxPool,
  NegativeLogLikelihoodLoss: ({ inputs: [x, target, weight], attributes }) =>
    nll(x!, target!, classLoss(attributes, weight)),
  RMSNormalization: rmsNormalization,
  SoftmaxCrossEntropyLoss: crossEntropy,
};
