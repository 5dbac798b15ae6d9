import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { type DType, isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, type OneOutput, type Unsupported, unsupported } from "../op.ts";
import { mul } from "../ops/mul.ts";
import { to } from "../ops/to.ts";
import { broadcastShapes } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";

type Floating = "float32" | "float64";

/** What `UNARY(name)` in kernels/*.cpp declares: the function, and the product of a gradient with its derivative. */
type ValueKernels = { readonly [D in Floating]: (x: number, y: number, n: number, ...parameters: number[]) => void };
type GradKernels = {
  readonly [D in Floating]: (x: number, dy: number, dx: number, n: number, ...parameters: number[]) => void;
};

/** The derivative f'(x) of the function being defined, itself differentiable. */
export type Derivative = (x: Tensor) => Tensor;

export interface UnaryDefinition<A extends object> {
  readonly name: string;
  readonly kernel: (k: Kernels) => ValueKernels;
  readonly grad: (k: Kernels) => GradKernels;
  /** The kernels' parameters after n. Default: none. */
  readonly parameters?: (attrs: A) => readonly number[];
  /** The second derivative f''(x) in other operations: what makes gradients of gradients. */
  readonly second: (x: Tensor, attrs: A, derivative: Derivative) => Tensor;
  readonly onnx: Lowering<A> | Unsupported;
}

/** A function of one tensor, with its definition. */
export interface UnaryFunction {
  (x: TensorArg): Tensor;
  readonly op: OneOutput<object>;
  readonly derivative: Derivative;
}

const none: readonly number[] = [];

function kernelFor<K>(name: string, kernels: { readonly [D in Floating]: K }, dtype: DType): K {
  if (dtype === "float32" || dtype === "float64") return kernels[dtype];
  throw new DTypeError({
    op: name,
    rule: "computes in float32 and float64 only",
    received: dtype,
    hint: "Convert with to('float32')",
  });
}

/** dy f'(x), one kernel. */
function gradientOp<A extends object>(definition: UnaryDefinition<A>): OneOutput<A> {
  const { name, grad, parameters, second } = definition;
  const op: OneOutput<A> = {
    name: `${name}Grad`,
    shape: ([x, dy]) => ({ shape: broadcastShapes(name, x!.shape, dy!.shape), dtype: x!.dtype }),
    forward: (k, [x, dy], attrs, { shape, dtype }) => {
      const out = allocate(shape, dtype);
      if (out.size === 0) return out;
      const [a, b] = [contiguous(x!), contiguous(dy!)];
      kernelFor(name, grad(k), dtype)(a.ptr, b.ptr, out.ptr, out.size, ...(parameters?.(attrs) ?? none));
      return out;
    },
    gradient: ({ inputs: [x, dy], dy: ddx, attrs, needs }) => {
      return [
        needs[0] ? mul(mul(ddx, dy!), second(x!, attrs, derivativeBy(op, attrs))) : null,
        needs[1] ? apply(op, [x!, ddx], attrs) : null,
      ];
    },
    onnx: unsupported("gradients are not exported"),
  };
  return op;
}

function derivativeBy<A>(gradient: OneOutput<A>, attrs: A): Derivative {
  return (x) => apply(gradient, [x, onesLike(x)], attrs);
}

function onesLike(x: Tensor): Tensor {
  const ones = allocate(x.shape, x.dtype);
  return ones.fill_(1);
}

function contiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : contiguousCopy(x);
}

/** The definition of an elementwise function that runs in one kernel, forward and backward. */
export function unaryOp<A extends object>(definition: UnaryDefinition<A>): OneOutput<A> {
  return withGradient(definition, gradientOp(definition));
}

function withGradient<A extends object>(definition: UnaryDefinition<A>, gradient: OneOutput<A>): OneOutput<A> {
  const { name, kernel, parameters, onnx } = definition;
  return {
    name,
    shape: ([x]) => x!,
    forward: (k, [x], attrs, { dtype }) => {
      const run = kernelFor(name, kernel(k), dtype);
      const y = allocate(x!.shape, dtype);
      if (y.size > 0) run(contiguous(x!).ptr, y.ptr, y.size, ...(parameters?.(attrs) ?? none));
      return y;
    },
    gradient: ({ inputs: [x], dy, attrs }) => [apply(gradient, [x!, dy], attrs)],
    onnx,
  };
}

/** The argument of a function of real numbers: integers and bool become float32. */
export function floating(x: TensorArg): Tensor {
  const t = asTensor(x);
  return isFloatingPoint(t.dtype) ? t : to(t, "float32");
}

const noAttributes = {};

/**
 * A function of one tensor, element by element: its kernels and its ONNX form in a few lines. Integers and bool compute in float32.
 *
 * @example
 * export const exp = unary({ name: "exp", kernel: (k) => k.exp, grad: (k) => k.expGrad, second: (x) => exp(x), onnx: "Exp" });
 */
export function unary(
  definition: Omit<UnaryDefinition<object>, "onnx"> & { readonly onnx: Lowering<object> | Unsupported | string },
): UnaryFunction {
  const { onnx } = definition;
  const lowering: Lowering<object> | Unsupported = typeof onnx === "string" ? (g, [x]) => g.node(onnx, [x!]) : onnx;
  const full: UnaryDefinition<object> = { ...definition, onnx: lowering };
  const gradient = gradientOp(full);
  const op = withGradient(full, gradient);
  const call = (x: TensorArg) => apply(op, [floating(x)], noAttributes);
  Object.defineProperty(call, "name", { value: definition.name });
  return Object.assign(call, { op, derivative: derivativeBy(gradient, noAttributes) });
}
