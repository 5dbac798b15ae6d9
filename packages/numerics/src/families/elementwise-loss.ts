import { grad } from "../autograd/backward.ts";
import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { promoteTypes } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, applyMulti, type ManyOutputs, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { contiguous } from "../ops/contiguous.ts";
import { div } from "../ops/div.ts";
import { expand } from "../ops/expand.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { sum } from "../ops/sum.ts";
import { engine, isTracing } from "../runtime.ts";
import { broadcastShapes, sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { floatDType } from "./along-dim.ts";
import { takeStored } from "./stored-gradient.ts";

export type LossReduction = "none" | "mean" | "sum";

export interface ElementwiseLossOptions {
  /** What becomes of the single losses. Default "mean": the sum over their number. */
  readonly reduction?: LossReduction;
}

export interface ElementwiseLossAttrs {
  readonly reduction: LossReduction;
  /** The loss's own number: delta, beta ... */
  readonly parameter: number;
  /** Further numbers, which its kernel takes last. */
  readonly more?: readonly number[];
}

type LossKernels = { readonly [D in "float32" | "float64"]: (...args: number[]) => void };

/** What an elementwise loss is. Its kernel has value and derivatives; the operations serve higher derivatives. */
export interface ElementwiseLossDefinition {
  readonly name: string;
  readonly kernel: (k: Kernels) => LossKernels;
  /** Derivatives of a single loss with respect to input and target; `positive` is the weight of the positive class, if any. */
  readonly derivative?: (
    x: Tensor,
    t: Tensor,
    parameter: number,
    positive: Tensor | undefined,
    more: readonly number[],
  ) => { input: () => Tensor; target: () => Tensor };
  /** The single losses. The reduction is added. */
  readonly onnx?: Lowering<ElementwiseLossAttrs>;
  /** The single losses in operations, for traces and higher derivatives, in place of both. */
  readonly composition?: (x: Tensor, t: Tensor, parameter: number, more: readonly number[]) => Tensor;
}

interface ForwardAttrs extends ElementwiseLossAttrs {
  readonly withGradient: boolean;
}

const BLOCK = 4096;

interface Prepared {
  readonly dtype: "float32" | "float64";
  readonly pointers: readonly [x: number, t: number, positive: number];
  readonly n: number;
  /** What a reduction divides by. */
  readonly divisor: number;
}

function prepare(inputs: readonly Tensor[], shape: readonly number[], { reduction }: ElementwiseLossAttrs): Prepared {
  const dense = inputs.map((x) => contiguous(expand(x, shape)));
  const n = sizeOfShape(shape);
  return {
    dtype: dense[0]!.dtype as "float32",
    pointers: [dense[0]!.ptr, dense[1]!.ptr, dense[2]?.ptr ?? 0],
    n,
    divisor: reduction === "mean" ? n : 1,
  };
}

function commonShape(op: string, inputs: readonly { readonly shape: readonly number[] }[]): readonly number[] {
  return inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes(op, a, b));
}

function forwardDefinition(def: ElementwiseLossDefinition, grads: OneOutput<GradAttrs>): ManyOutputs<ForwardAttrs> {
  return {
    name: def.name,
    shape: (inputs, { reduction, withGradient }) => {
      const full = { shape: commonShape(def.name, inputs), dtype: inputs[0]!.dtype };
      const loss = { shape: reduction === "none" ? full.shape : [], dtype: full.dtype };
      return withGradient ? [loss, full] : [loss];
    },
    forward: (k, inputs, attrs, [lossSpec, gradSpec]) => {
      const { reduction, parameter, more = [] } = attrs;
      const { dtype, pointers, n, divisor } = prepare(inputs, commonShape(def.name, inputs), attrs);
      const loss = allocate(lossSpec!.shape, dtype);
      const grad = gradSpec === undefined ? null : allocate(gradSpec.shape, dtype);
      const kernel = def.kernel(k)[dtype];
      if (reduction === "none") {
        if (n > 0) kernel(...pointers, 0, 0, loss.ptr, 0, 0, 0, n, parameter, 1, ...more);
        return [loss];
      }
      const blocks = Math.ceil(n / BLOCK);
      const partial = engine().scratch(8 * Math.max(1, blocks));
      if (n > 0) kernel(...pointers, 0, 0, 0, grad?.ptr ?? 0, 0, partial, n, parameter, 1 / divisor, ...more);
      k.foldRows[dtype](partial, loss.ptr, 0, divisor, blocks, 0);
      return grad === null ? [loss] : [loss, grad];
    },
    gradient: ({ inputs, outputs, dy, attrs, needs }) => {
      if (isGradEnabled()) return composed(def, inputs, dy, attrs, needs);
      const early = attrs.withGradient ? takeStored(outputs[1]!, dy) : null;
      const one = (target: boolean) => apply(grads, [dy, ...inputs], { ...attrs, target });
      return [needs[0] ? (early ?? one(false)) : null, needs[1] ? one(true) : null];
    },
    saves: { inputs: "all", outputs: "all" },
    onnx: (g, inputs, attrs, outputs) => {
      const losses = def.onnx!(g, inputs, attrs, outputs) as ReturnType<typeof g.node>;
      if (attrs.reduction === "none") return losses;
      return g.node(attrs.reduction === "mean" ? "ReduceMean" : "ReduceSum", [losses], { keepdims: 0 });
    },
  };
}

function composed(
  def: ElementwiseLossDefinition,
  inputs: readonly Tensor[],
  dy: Tensor,
  attrs: ElementwiseLossAttrs,
  needs: readonly boolean[],
): (Tensor | null)[] {
  const [x, t, positive] = inputs;
  const { reduction, parameter, more = [] } = attrs;
  if (def.derivative === undefined) {
    const wanted = inputs.filter((_, i) => needs[i]);
    const found = grad([inOperations(def, x!, t!, attrs)], wanted, { gradOutputs: [dy], createGraph: true });
    return inputs.map((input, i) => (needs[i] ? found[wanted.indexOf(input)]! : null));
  }
  const shape = commonShape(def.name, [x!, t!, ...(positive === undefined ? [] : [positive])]);
  const scale = reduction === "mean" ? div(dy, sizeOfShape(shape)) : dy;
  const { input, target } = def.derivative(x!, t!, parameter, positive, more);
  const scaled = (slope: Tensor) => expand(mul(slope, scale), shape);
  return [needs[0] ? scaled(input()) : null, needs[1] ? scaled(target()) : null];
}

function inOperations(def: ElementwiseLossDefinition, x: Tensor, t: Tensor, attrs: ElementwiseLossAttrs): Tensor {
  const losses = def.composition!(x, t, attrs.parameter, attrs.more ?? []);
  if (attrs.reduction === "none") return losses;
  return attrs.reduction === "mean" ? mean(losses) : sum(losses);
}

interface GradAttrs extends ElementwiseLossAttrs {
  /** Whether the gradient is the target's. */
  readonly target: boolean;
}

/** Gradient with respect to input or target: inputs dy, input, target, positive. First derivatives only. */
function gradDefinition(def: ElementwiseLossDefinition): OneOutput<GradAttrs> {
  return {
    name: `${def.name}Grad`,
    shape: ([, ...inputs]) => ({ shape: commonShape(def.name, inputs), dtype: inputs[0]!.dtype }),
    forward: (k, [dy, ...inputs], attrs, spec) => {
      const { dtype, pointers, n, divisor } = prepare(inputs, spec.shape, attrs);
      const dx = allocate(spec.shape, dtype);
      const each = attrs.reduction === "none" ? 1 : 0;
      const g = contiguous(dy!);
      const [own, other] = attrs.target ? [0, dx.ptr] : [dx.ptr, 0];
      const numbers = [n, attrs.parameter, 1 / divisor, ...(attrs.more ?? [])];
      if (n > 0) def.kernel(k)[dtype](...pointers, g.ptr, each, 0, own, other, 0, ...numbers);
      return dx;
    },
    gradient: nonDifferentiable("recorded gradients are made of operations"),
    onnx: unsupported("it appears in gradients only"),
  };
}

/** An elementwise loss as a function of tensors. */
export type ElementwiseLoss = (
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions,
  parameter?: number,
  positive?: TensorArg,
  more?: readonly number[],
) => Tensor;

const REDUCTIONS: readonly string[] = ["none", "mean", "sum"];

/** Makes a loss of its definition: shapes broadcast, dtypes promote, the reduction happens in the same pass. */
export function elementwiseLoss(def: ElementwiseLossDefinition): ElementwiseLoss {
  const forward = forwardDefinition(def, gradDefinition(def));
  return (input, target, { reduction = "mean" }, parameter = 0, positive, more = []) => {
    if (!REDUCTIONS.includes(reduction)) {
      throw new ArgumentError({
        op: def.name,
        rule: "unknown reduction",
        received: JSON.stringify(reduction),
        expected: REDUCTIONS.map((r) => JSON.stringify(r)).join(", "),
      });
    }
    const given = [asTensor(input), asTensor(target), ...(positive === undefined ? [] : [asTensor(positive)])];
    const dtype = given.map((x) => x.dtype).reduce(promoteTypes);
    floatDType(def.name, { shape: [], dtype });
    const inputs = given.map((x) => x.to(dtype));
    if (isTracing() && def.composition !== undefined) {
      return inOperations(def, inputs[0]!, inputs[1]!, { reduction, parameter, more });
    }
    const wanted = isGradEnabled() && inputs[0]!.requiresGrad && reduction !== "none" && !isTracing();
    const [loss, grad] = applyMulti(forward, inputs, { reduction, parameter, more, withGradient: wanted });
    // The tape alone keeps the gradient.
    grad?.dispose();
    return loss!;
  };
}
