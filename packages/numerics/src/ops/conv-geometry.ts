import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../op.ts";
import { formatShape, type Shape } from "../shape.ts";

/** One number for all spatial dimensions, or one for each. */
export type PerDimension = number | readonly number[];

/** Everything about a convolution but its tensors; its two gradients have the same one. */
export interface ConvGeometry {
  readonly stride: readonly number[];
  /** Zeros before the first input in each dimension. How many follow the last one is told by `outputSize`. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly kernelSize: readonly number[];
  readonly inputSize: readonly number[];
  readonly outputSize: readonly number[];
}

/** `value` for each of `ndim` dimensions. @throws ArgumentError for another number of values or values below `least`. */
export function spread(op: string, name: string, value: PerDimension, ndim: number, least: number): readonly number[] {
  // A list of one stands for all, as in PyTorch.
  const list =
    typeof value === "number"
      ? new Array<number>(ndim).fill(value)
      : value.length === 1
        ? new Array<number>(ndim).fill(value[0]!)
        : value;
  if (list.length === ndim && list.every((v) => Number.isSafeInteger(v) && v >= least)) return list;
  throw new ArgumentError({
    op,
    rule: `${name} does not fit`,
    received: `${name} ${typeof value === "number" ? value : formatShape(value)}`,
    expected: `a whole number of ${least} or more, or ${ndim} of them`,
  });
}

/** Elements from the first to the last input that a kernel touches. */
export function extent(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

function describe(x: Shape, weight: Shape, bias: Shape | undefined): string {
  return `input ${formatShape(x)}, weight ${formatShape(weight)}${bias === undefined ? "" : `, bias ${formatShape(bias)}`}`;
}

/**
 * Checks what any convolution asks of its tensors. `channels`: of the input as the weight tells; `outChannels`: the bias's length.
 * @throws ShapeError, DTypeError, ArgumentError.
 */
export function checkConv(
  op: string,
  ndim: number,
  [x, weight, bias]: readonly (TensorSpec | undefined)[],
  { groups, channels, outChannels }: { groups: number; channels: number; outChannels: number },
): void {
  // Written only when something is wrong: this runs before every convolution.
  const received = () => describe(x!.shape, weight!.shape, bias?.shape);
  const [n, c] = [x!.shape[0], x!.shape[1]];
  if (!Number.isSafeInteger(groups) || groups < 1 || weight!.shape[0]! % groups !== 0) {
    throw new ArgumentError({
      op,
      rule: "groups must divide the channels",
      received: `groups ${groups}, ${received()}`,
      expected: "a divisor of the weight's first size",
    });
  }
  if (c !== channels || channels === 0) {
    throw new ShapeError({
      op,
      rule: "channels do not fit",
      received: `${received()}, groups ${groups}`,
      expected: `an input [${n}, ${channels}, ...]`,
    });
  }
  if (weight!.shape.some((s) => s === 0) || x!.shape.slice(2).some((s) => s === 0)) {
    throw new ShapeError({ op, rule: "nothing to convolve", received: received(), expected: "sizes of 1 or more" });
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== outChannels)) {
    throw new ShapeError({
      op,
      rule: "the bias does not fit the weight",
      received: received(),
      expected: `a bias of [${outChannels}]`,
    });
  }
  for (const t of [x, weight, bias]) {
    if (t !== undefined && (t.dtype !== x!.dtype || (t.dtype !== "float32" && t.dtype !== "float64"))) {
      throw new DTypeError({
        op,
        rule: "takes float32 or float64, the same for all operands",
        received: `${x!.dtype}, ${weight!.dtype}${bias === undefined ? "" : `, ${bias.dtype}`}`,
        hint: "Convert them with to()",
      });
    }
  }
  if (x!.shape.length !== ndim + 2) throw rankError(op, ndim, x!.shape, weight!.shape);
}

export function rankError(op: string, ndim: number, x: Shape, weight: Shape): ShapeError {
  const names = ["length", "height, width", "depth, height, width"][ndim - 1];
  return new ShapeError({
    op,
    rule: "wrong number of dimensions",
    received: describe(x, weight, undefined),
    expected: `an input [batch, channels, ${names}] or [channels, ${names}] and a weight of ${ndim + 2} dimensions`,
  });
}

/** Padding before the first input and output size, for what `padding` may be in a forward convolution. */
export function forwardSizes(
  op: string,
  inputSize: readonly number[],
  kernelSize: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
  padding: PerDimension | "same" | "valid",
): { padding: readonly number[]; outputSize: readonly number[] } {
  const n = inputSize.length;
  if (padding === "same") {
    if (stride.some((s) => s !== 1)) {
      throw new ArgumentError({
        op,
        rule: 'padding "same" needs stride 1',
        received: `stride ${formatShape(stride)}`,
        hint: "Give the padding in numbers",
      });
    }
    // An odd total puts the extra zero at the end, as PyTorch does.
    return { padding: kernelSize.map((k, i) => Math.floor((extent(k, dilation[i]!) - 1) / 2)), outputSize: inputSize };
  }
  const zeros = padding === "valid" ? new Array<number>(n).fill(0) : spread(op, "padding", padding, n, 0);
  const outputSize = inputSize.map((size, i) => {
    const room = size + 2 * zeros[i]! - extent(kernelSize[i]!, dilation[i]!);
    if (room < 0) {
      throw new ShapeError({
        op,
        rule: "the kernel is larger than the padded input",
        received: `input ${formatShape(inputSize)}, padding ${formatShape(zeros)}, kernel ${formatShape(kernelSize)}, dilation ${formatShape(dilation)}`,
        expected: "an input of at least dilation * (kernel - 1) + 1 with its padding",
      });
    }
    return Math.floor(room / stride[i]!) + 1;
  });
  return { padding: zeros, outputSize };
}

function threeDimensions(values: readonly number[], filler: number): number[] {
  return [...new Array<number>(3 - values.length).fill(filler), ...values];
}

/** How the kernels are told a geometry: batch, groups, channels per group in and out, strides, paddings; then sizes and dilations. */
export function kernelDims(g: ConvGeometry, batch: number, inChannels: number, outChannels: number) {
  const sizes = [
    batch,
    g.groups,
    inChannels / g.groups,
    outChannels / g.groups,
    ...threeDimensions(g.stride, 1),
    ...threeDimensions(g.padding, 0),
  ];
  const extents = [
    ...threeDimensions(g.inputSize, 1),
    ...threeDimensions(g.outputSize, 1),
    ...threeDimensions(g.kernelSize, 1),
    ...threeDimensions(g.dilation, 1),
  ];
  return [sizes, extents] as const;
}
