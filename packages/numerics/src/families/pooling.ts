import { ArgumentError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../op.ts";
import { squeeze, unsqueeze } from "../ops/squeeze.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { floatDType } from "./along-dim.ts";

/** One number for height and width, or both. */
export type Pair = number | readonly number[];

export interface WindowAttrs {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly ceilMode: boolean;
}

/** `value` for both directions. @throws ArgumentError unless the numbers are whole and at least `least`. */
function pair(op: string, name: string, value: Pair, least: number): readonly [number, number] {
  const list = typeof value === "number" ? [value, value] : value;
  if (list.length !== 2 || list.some((v) => !Number.isSafeInteger(v) || v < least)) {
    throw new ArgumentError({
      op,
      rule: `${name} must be one or two whole numbers of ${least} or more`,
      received: typeof value === "number" ? `${value}` : formatShape(value),
    });
  }
  return [list[0]!, list[1]!];
}

export interface WindowOptions {
  /** Zeros (for maxima: nothing) around the input, at most half the kernel. Default 0. */
  readonly padding?: Pair;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Pair;
  /** Rounds the output size up: windows may hang over the end. Default false. */
  readonly ceilMode?: boolean;
}

export function windowAttrs(
  op: string,
  kernelSize: Pair,
  stride: Pair | undefined,
  options: WindowOptions,
): WindowAttrs {
  const kernel = pair(op, "kernelSize", kernelSize, 1);
  const padding = pair(op, "padding", options.padding ?? 0, 0);
  if (padding[0] * 2 > kernel[0] || padding[1] * 2 > kernel[1]) {
    throw new ArgumentError({
      op,
      rule: "padding must be at most half the kernel",
      received: `padding ${formatShape(padding)}, kernel ${formatShape(kernel)}`,
    });
  }
  return {
    kernel,
    stride: stride === undefined ? kernel : pair(op, "stride", stride, 1),
    padding,
    dilation: pair(op, "dilation", options.dilation ?? 1, 1),
    ceilMode: options.ceilMode ?? false,
  };
}

function outputSize(size: number, i: 0 | 1, { kernel, stride, padding, dilation, ceilMode }: WindowAttrs): number {
  const span = size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1;
  const steps = (ceilMode ? Math.ceil(span / stride[i]) : Math.floor(span / stride[i])) + 1;
  // A window that would start in the padding behind the end is dropped.
  return ceilMode && (steps - 1) * stride[i] >= size + padding[i] ? steps - 1 : steps;
}

/** The output of a pool over `[N, C, H, W]`. @throws ShapeError where not even one window fits. */
export function pooledSpec(op: string, x: TensorSpec, attrs: WindowAttrs): TensorSpec {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const size = [outputSize(h, 0, attrs), outputSize(w, 1, attrs)];
  if (size.some((s) => s < 1)) {
    throw new ShapeError({
      op,
      rule: "the window does not fit into the input",
      received: `input ${formatShape(x.shape)}, kernel ${formatShape(attrs.kernel)}, padding ${formatShape(attrs.padding)}`,
    });
  }
  return { shape: [n, c, size[0]!, size[1]!], dtype: floatDType(op, x) };
}

/** The list of numbers that the kernels take, and the number of planes. */
export function windowNumbers(x: TensorSpec, y: TensorSpec, a: WindowAttrs): { planes: number; numbers: number[] } {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const numbers = [h, w, y.shape[2]!, y.shape[3]!, ...a.kernel, ...a.stride, ...a.padding, ...a.dilation];
  return { planes: n * c, numbers };
}

/** ONNX's attributes of a window. */
export function onnxWindow({ kernel, stride, padding, dilation, ceilMode }: WindowAttrs) {
  const dilated = dilation.some((d) => d !== 1);
  return {
    kernel_shape: kernel,
    strides: stride,
    pads: [...padding, ...padding],
    dilations: dilated ? dilation : undefined,
    ceil_mode: ceilMode ? 1 : undefined,
  };
}

/** Runs a pool over `[N, C, H, W]` for that or `[C, H, W]`. @throws ShapeError for any other rank. */
export function batched(op: string, x: Tensor, rank: number, pool: (x: Tensor) => Tensor): Tensor {
  if (x.ndim === rank) return pool(x);
  if (x.ndim === rank - 1) return squeeze(pool(unsqueeze(x, 0)), 0);
  throw new ShapeError({
    op,
    rule: `takes ${rank} dimensions, or ${rank - 1} without the batch`,
    received: formatShape(x.shape),
    expected: rank === 4 ? "[N, C, H, W] or [C, H, W]" : "[N, C, L] or [C, L]",
  });
}
