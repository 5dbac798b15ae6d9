import { contiguousCopy } from "../copy.ts";
import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, type OneOutput, type Unsupported, unsupported } from "../op.ts";
import { mul } from "../ops/mul.ts";
import { broadcastShapes, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { applyBinary, broadcastStrides } from "./binary.ts";

type Floating = "float32" | "float64";

/** What `BINARY(name)` in kernels/*.cpp declares. */
type ValueKernels = {
  readonly [D in Floating]: (a: number, b: number, y: number, shape: Shape, sa: Shape, sb: Shape) => void;
};
type GradKernels = {
  readonly [D in Floating]: (a: number, b: number, dy: number, dx: number, shape: Shape, sa: Shape, sb: Shape) => void;
};

/** f_aa, f_ab and f_bb at (a, b), in other operations; null for 0 everywhere. */
export type SecondDerivatives = (
  a: Tensor,
  b: Tensor,
) => { readonly aa: Tensor | null; readonly ab: Tensor | null; readonly bb: Tensor | null };

export interface ExactBinaryDefinition {
  readonly name: string;
  readonly kernel: (k: Kernels) => ValueKernels;
  readonly gradA: (k: Kernels) => GradKernels;
  readonly gradB: (k: Kernels) => GradKernels;
  /** What makes gradients of gradients. */
  readonly second: SecondDerivatives;
  readonly onnx: Lowering<object> | Unsupported;
}

function kernelFor<K>(name: string, kernels: { readonly [D in Floating]: K }, dtype: DType): K {
  if (dtype === "float32" || dtype === "float64") return kernels[dtype];
  throw new DTypeError({
    op: name,
    rule: "computes in float32 and float64 only",
    received: dtype,
    hint: "Convert with to('float32')",
  });
}

function times(x: Tensor, y: Tensor | null): Tensor | null {
  return y === null ? null : mul(x, y);
}

/** dy times the derivative with respect to one operand, one kernel; not yet summed over what was broadcast. */
function gradientOp(definition: ExactBinaryDefinition, operand: "a" | "b"): OneOutput<object> {
  const { name, second } = definition;
  const kernels = operand === "a" ? definition.gradA : definition.gradB;
  const op: OneOutput<object> = {
    name: `${name}Grad`,
    shape: ([a, b, dy]) => ({
      shape: broadcastShapes(name, broadcastShapes(name, a!.shape, b!.shape), dy!.shape),
      dtype: a!.dtype,
    }),
    forward: (k, [a, b, dy], _attrs, { shape, dtype }) => {
      const dx = allocate(shape, dtype);
      const d = dy!.isContiguous() ? dy! : contiguousCopy(dy!);
      const [sa, sb] = [broadcastStrides(a!, shape), broadcastStrides(b!, shape)];
      if (dx.size > 0) kernelFor(name, kernels(k), dtype)(a!.ptr, b!.ptr, d.ptr, dx.ptr, shape, sa, sb);
      return dx;
    },
    gradient: ({ inputs: [a, b, dy], dy: ddx, needs }) => {
      const factor = needs[0] || needs[1] ? mul(ddx, dy!) : ddx;
      const { aa, ab, bb } = needs[0] || needs[1] ? second(a!, b!) : { aa: null, ab: null, bb: null };
      return [
        needs[0] ? times(factor, operand === "a" ? aa : ab) : null,
        needs[1] ? times(factor, operand === "a" ? ab : bb) : null,
        needs[2] ? apply(op, [a!, b!, ddx], {}) : null,
      ];
    },
    onnx: unsupported("gradients are not exported"),
  };
  return op;
}

/** The definition of a function of two tensors that runs in one kernel, forward and backward, with broadcasting. */
export function exactBinaryOp(definition: ExactBinaryDefinition): OneOutput<object> {
  const { name, kernel, onnx } = definition;
  const [gradA, gradB] = [gradientOp(definition, "a"), gradientOp(definition, "b")];
  return {
    name,
    shape: ([a, b]) => ({ shape: broadcastShapes(name, a!.shape, b!.shape), dtype: a!.dtype }),
    forward: (k, [a, b], _attrs, { shape, dtype }) => {
      const run = kernelFor(name, kernel(k), dtype);
      const y = allocate(shape, dtype);
      if (y.size > 0) run(a!.ptr, b!.ptr, y.ptr, shape, broadcastStrides(a!, shape), broadcastStrides(b!, shape));
      return y;
    },
    gradient: ({ inputs: [a, b], dy, needs }) => [
      needs[0] ? apply(gradA, [a!, b!, dy], {}) : null,
      needs[1] ? apply(gradB, [a!, b!, dy], {}) : null,
    ],
    onnx,
  };
}

/** A function of two tensors, with its definition. */
export interface BinaryFunction {
  (a: TensorArg, b: TensorArg): Tensor;
  readonly op: OneOutput<object>;
}

/** A function of two tensors, element by element with broadcasting; integers and bool compute in float32. */
export function exactBinary(definition: ExactBinaryDefinition): BinaryFunction {
  const op = exactBinaryOp(definition);
  const call = (a: TensorArg, b: TensorArg) => applyBinary(op, a, b, true);
  Object.defineProperty(call, "name", { value: definition.name });
  return Object.assign(call, { op });
}
