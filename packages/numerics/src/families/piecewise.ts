import { contiguousCopy } from "../copy.ts";
import { asTensor, zeros } from "../create.ts";
import { type DType, isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, type Gradient, type OneOutput, type Unsupported } from "../op.ts";
import { to } from "../ops/to.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";

type Kernel = (x: number, y: number, n: number, ...parameters: number[]) => void;

/** By element type; without int64, integers pass through unchanged. */
export type PiecewiseKernels = { readonly [D in "float32" | "float64"]: Kernel } & { readonly int64?: Kernel };

export interface PiecewiseDefinition<A extends object> {
  readonly name: string;
  readonly kernel: (k: Kernels) => PiecewiseKernels;
  readonly parameters?: (attrs: A) => readonly number[];
  readonly gradient: Gradient<A>;
  readonly saves: OneOutput<A>["saves"];
  readonly onnx: Lowering<A> | Unsupported;
}

const none: readonly number[] = [];

function run(name: string, kernels: PiecewiseKernels, x: Tensor, parameters: readonly number[]): Tensor {
  const source = x.isContiguous() ? x : contiguousCopy(x);
  const kernel = kernels[x.dtype as keyof PiecewiseKernels];
  if (kernel !== undefined) {
    const y = allocate(x.shape, x.dtype);
    if (y.size > 0) kernel(source.ptr, y.ptr, y.size, ...parameters);
    return y;
  }
  if (isFloatingPoint(x.dtype) || x.dtype === "bool") {
    throw new DTypeError({ op: name, rule: "not defined for this element type", received: x.dtype });
  }
  // Whole numbers have no fractions to round; narrower integers compute as int64, which wraps as their own arithmetic would.
  return kernels.int64 === undefined ? source : to(run(name, kernels, to(source, "int64"), parameters), x.dtype);
}

/** A function of straight pieces, exact in every element type. Integers stay integers. */
export function piecewiseOp<A extends object>(definition: PiecewiseDefinition<A>): OneOutput<A> {
  const { name, kernel, parameters, gradient, saves, onnx } = definition;
  return {
    name,
    shape: ([x]) => x!,
    forward: (k, [x], attrs) => run(name, kernel(k), x!, parameters?.(attrs) ?? none),
    gradient,
    ...(saves === undefined ? {} : { saves }),
    onnx,
  };
}

/** A step function such as `floor`: its derivative is 0 wherever it exists. */
export function step(
  name: string,
  kernel: (k: Kernels) => PiecewiseKernels,
  onnx: string | Lowering<object>,
): ((x: TensorArg) => Tensor) & { readonly op: OneOutput<object> } {
  const op = piecewiseOp<object>({
    name,
    kernel,
    gradient: ({ specs: [x] }) => [zeros(x!.shape, { dtype: x!.dtype as DType })],
    saves: { inputs: "none" },
    onnx: typeof onnx === "string" ? (g, [x]) => g.node(onnx, [x!]) : onnx,
  });
  const call = (x: TensorArg) => apply(op, [asTensor(x)], {});
  Object.defineProperty(call, "name", { value: name });
  return Object.assign(call, { op });
}
