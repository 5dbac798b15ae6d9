import { contiguousCopy } from "../copy.ts";
import { asTensor, full } from "../create.ts";
import { type DType, isFloatingPoint, promoteTypes } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import type { Gradient, OneOutput, Unsupported } from "../op.ts";
import { to } from "../ops/to.ts";
import { broadcastShapes, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg, viewOf } from "../tensor.ts";
import { broadcastStrides } from "./binary.ts";

type TernaryKernel = (
  a: number,
  b: number,
  c: number,
  y: number,
  n: number,
  sa: number,
  sb: number,
  sc: number,
  value: number,
) => void;

export interface TernaryDefinition<A extends object> {
  readonly name: string;
  readonly kernel: (k: Kernels) => { readonly float32: TernaryKernel; readonly float64: TernaryKernel };
  /** The kernel's number after the steps. Default 0: it takes none. */
  readonly value?: (attrs: A) => number;
  readonly gradient: Gradient<A>;
  readonly onnx: Lowering<A> | Unsupported;
}

/** A tensor under a shape that it broadcasts to, row-major, and its step: single elements are read again and again. */
function laidOut(t: Tensor, shape: Shape): readonly [pointer: number, step: number] {
  if (t.size === 1) return [t.ptr, 0];
  const view = viewOf(t, shape, broadcastStrides(t, shape), t.offset);
  return [(view.isContiguous() ? view : contiguousCopy(view)).ptr, 1];
}

/** A function of three tensors, element by element with broadcasting. */
export function ternaryOp<A extends object>(definition: TernaryDefinition<A>): OneOutput<A> {
  const { name, kernel, value, gradient, onnx } = definition;
  return {
    name,
    shape: ([a, b, c]) => ({
      shape: broadcastShapes(name, broadcastShapes(name, a!.shape, b!.shape), c!.shape),
      dtype: a!.dtype,
    }),
    forward: (k, inputs, attrs, { shape, dtype }) => {
      const y = allocate(shape, dtype);
      if (y.size === 0) return y;
      const [[a, sa], [b, sb], [c, sc]] = inputs.map((t) => laidOut(t, shape)) as [Laid, Laid, Laid];
      kernelFor(name, kernel(k), dtype)(a, b, c, y.ptr, y.size, sa, sb, sc, value?.(attrs) ?? 0);
      return y;
    },
    gradient,
    onnx,
  };
}

type Laid = readonly [number, number];

function kernelFor<K>(name: string, kernels: { readonly float32: K; readonly float64: K }, dtype: DType): K {
  if (dtype === "float32" || dtype === "float64") return kernels[dtype];
  throw new DTypeError({ op: name, rule: "computes in float32 and float64 only", received: dtype });
}

/**
 * Three arguments in one element type, that of those with dimensions. Literals are made in it at once: by way of float32 they would be
 * rounded beside float64.
 */
export function threeOperands(a: TensorArg, b: TensorArg, c: TensorArg): [Tensor, Tensor, Tensor] {
  const given = [a, b, c].map((t) => (typeof t === "number" ? t : asTensor(t)));
  const tensors = given.filter((t) => typeof t !== "number");
  const strong = tensors.filter((t) => t.ndim > 0);
  const common = (strong.length > 0 ? strong : tensors).map((t) => t.dtype);
  const dtype = common.length === 0 ? "float32" : common.reduce(promoteTypes);
  const whole = given.every((t) => typeof t !== "number" || Number.isInteger(t));
  const target = isFloatingPoint(dtype) || whole ? dtype : "float32";
  return given.map((t) => (typeof t === "number" ? full([], t, { dtype: target }) : to(t, target))) as Three;
}

type Three = [Tensor, Tensor, Tensor];
