import { GradNode } from "./autograd/node.ts";
import { asTensor } from "./create.ts";
import { type DType, isFloatingPoint } from "./dtype.ts";
import { ArgumentError, UnsupportedError } from "./errors.ts";
import type { Kernels } from "./generated/kernels.ts";
import type { Lowering } from "./graph/onnx.ts";
import { engine, runtime } from "./runtime.ts";
import { adopt, adoptNode, Scope } from "./scope.ts";
import { aliasOf, Tensor, type TensorArg } from "./tensor.ts";

/** Shape and element type of a tensor that need not exist. Every Tensor is one. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** States that an operation has no gradient, and why. */
export interface NonDifferentiable {
  readonly nonDifferentiable: string;
}

/** States that an operation has no ONNX form, and why. */
export interface Unsupported {
  readonly unsupported: string;
}

export function nonDifferentiable(reason: string): NonDifferentiable {
  return { nonDifferentiable: reason };
}

export function unsupported(reason: string): Unsupported {
  return { unsupported: reason };
}

/** What a gradient formula may read. */
export interface GradientContext<A> {
  /** The inputs named by `saves.inputs`; others are undefined at run time. */
  readonly inputs: readonly Tensor[];
  /** The outputs named by `saves.outputs`; others are undefined at run time. */
  readonly outputs: readonly Tensor[];
  /** Shape and dtype of every input, saved or not. */
  readonly specs: readonly TensorSpec[];
  /** Gradient of the loss with respect to the first output. */
  readonly dy: Tensor;
  /** The same for each output; null where nothing depends on it. */
  readonly dys: readonly (Tensor | null)[];
  readonly attrs: A;
  /** Which inputs want a gradient; the others' may be null. */
  readonly needs: readonly boolean[];
}

/**
 * The gradient of the loss with respect to each input. A gradient may have the shape that its input was broadcast to,
 * and any floating dtype: it is summed and cast to the input's.
 */
export type Gradient<A> = (context: GradientContext<A>) => readonly (Tensor | null | undefined)[];

/** An operation: one object holding all that Tenon knows about it. */
export interface OpDefinition<A = object> {
  /** For messages and traces only; nothing looks an operation up by it. */
  readonly name: string;
  /** Checks the inputs (typed errors) and gives the outputs' shape and dtype. */
  readonly shape: (inputs: readonly TensorSpec[], attrs: A) => TensorSpec | readonly TensorSpec[];
  /** Computes. What it calls is not recorded, and what it makes besides its result is freed when it returns. */
  readonly forward: (k: Kernels, inputs: readonly Tensor[], attrs: A, spec: never) => Tensor | readonly Tensor[];
  readonly gradient: Gradient<A> | NonDifferentiable;
  /** What the gradient reads; the tape keeps nothing else alive. Default: all inputs, no outputs. */
  readonly saves?: {
    readonly inputs?: readonly number[] | "all" | "none" | ((needs: readonly boolean[]) => readonly number[]);
    readonly outputs?: readonly number[] | "all" | "none";
  };
  readonly onnx: Lowering<A> | Unsupported;
}

/** `OpDefinition` as it is written: `spec` is what `shape` returned. */
export interface OneOutput<A> extends Omit<OpDefinition<A>, "shape" | "forward"> {
  readonly shape: (inputs: readonly TensorSpec[], attrs: A) => TensorSpec;
  readonly forward: (k: Kernels, inputs: readonly Tensor[], attrs: A, spec: TensorSpec) => Tensor;
}

export interface ManyOutputs<A> extends Omit<OpDefinition<A>, "shape" | "forward"> {
  readonly shape: (inputs: readonly TensorSpec[], attrs: A) => readonly TensorSpec[];
  readonly forward: (k: Kernels, inputs: readonly Tensor[], attrs: A, spec: readonly TensorSpec[]) => readonly Tensor[];
}

function wantsGradient(op: OpDefinition<never>, inputs: readonly Tensor[]): boolean {
  if (typeof op.gradient !== "function") return false;
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i]!;
    if (x.node !== null || x.requiresGradFlag) return true;
  }
  return false;
}

function recordNode(op: OpDefinition<never>, inputs: readonly Tensor[], attrs: unknown, outputs: readonly Tensor[]) {
  const node = new GradNode(op, attrs, inputs, outputs);
  for (let i = 0; i < outputs.length; i++) {
    const y = outputs[i]!;
    if (!isFloatingPoint(y.dtype)) continue;
    y.node = node;
    y.outputIndex = i;
    y.requiresGradFlag = true;
  }
  if (node.savesAnything) adoptNode(node, runtime.scope);
}

/** Runs `compute` with recording and tracing off; what it makes belongs to `inner`. */
function quietly<R>(inner: Scope, compute: (k: Kernels) => R): R {
  const { gradEnabled, tracer, scope } = runtime;
  runtime.scope = inner;
  runtime.gradEnabled = false;
  runtime.tracer = null;
  try {
    return compute(engine().kernels);
  } catch (error) {
    inner.close(new Set());
    throw error;
  } finally {
    runtime.scope = scope;
    runtime.gradEnabled = gradEnabled;
    runtime.tracer = tracer;
  }
}

/** Hands the outputs to the scope, the tape and the trace that are open. */
function publish(op: OpDefinition<never>, inputs: readonly Tensor[], attrs: unknown, outputs: readonly Tensor[]) {
  for (let i = 0; i < outputs.length; i++) adopt(outputs[i]!, runtime.scope);
  if (runtime.gradEnabled && wantsGradient(op, inputs)) recordNode(op, inputs, attrs, outputs);
  runtime.tracer?.record(op, inputs, attrs, outputs);
}

/** Runs an operation with one output, recording it for `backward()` and for a trace where wanted. */
export function apply<A>(op: OneOutput<A>, inputs: readonly Tensor[], attrs: A): Tensor {
  const spec = op.shape(inputs, attrs);
  const inner = new Scope(runtime.scope);
  let y = quietly(inner, (k) => op.forward(k, inputs, attrs, spec));
  inner.closeKeeping(y);
  if (inputs.includes(y)) y = aliasOf(y);
  publish(op as unknown as OpDefinition<never>, inputs, attrs, [y]);
  return y;
}

/** The same for an operation with several outputs. */
export function applyMulti<A>(op: ManyOutputs<A>, inputs: readonly Tensor[], attrs: A): Tensor[] {
  const spec = op.shape(inputs, attrs);
  const inner = new Scope(runtime.scope);
  const made = quietly(inner, (k) => op.forward(k, inputs, attrs, spec));
  for (const handle of inner.handles) if (!made.includes(handle)) handle.dispose();
  const ys = made.map((y, i) => (inputs.includes(y) || made.indexOf(y) < i ? aliasOf(y) : y));
  publish(op as unknown as OpDefinition<never>, inputs, attrs, ys);
  return ys;
}

/**
 * Runs an operation that writes its result into its first input. `write` computes into `target`'s storage; the tape then
 * sees `target` as the operation's output.
 * @throws ArgumentError for a leaf that requires grad, outside `noGrad`.
 */
export function applyInPlace<A>(op: OneOutput<A>, inputs: readonly Tensor[], attrs: A, write: (k: Kernels) => void) {
  const target = inputs[0]!;
  const record = runtime.gradEnabled && wantsGradient(op as unknown as OpDefinition<never>, inputs);
  if (record && target.node === null && target.requiresGradFlag) {
    throw new ArgumentError({
      op: `${op.name}_`,
      rule: "a leaf that requires grad cannot be changed in place",
      hint: "Wrap the change in noGrad(() => ...), or use the form that returns a new tensor",
    });
  }
  const node = record ? new GradNode(op as unknown as OpDefinition<never>, attrs, inputs, [target]) : null;
  // Before the write: a target that the trace has not seen is a constant, and its old elements are what counts.
  runtime.tracer?.record(op as unknown as OpDefinition<never>, inputs, attrs, [target]);
  const inner = new Scope(runtime.scope);
  quietly(inner, write);
  inner.close(new Set());
  target.storage.version++;
  if (node !== null) {
    target.node = node;
    target.outputIndex = 0;
    target.requiresGradFlag = true;
    if (node.savesAnything) adoptNode(node, runtime.scope);
  }
  return target;
}

/** An operation as a function: tensors first, then its attributes. `op` is the definition that graphs hold. */
export interface OpFunction<A, R = Tensor> {
  (...args: [...TensorArg[], A] | TensorArg[]): R;
  readonly op: OpDefinition<A>;
}

/** What a composite operation may add to its body. */
export interface CompositeOptions {
  /** Its own ONNX form; without one, the operations inside are exported. Attributes arrive as `{ args }`. */
  readonly onnx?: Lowering<{ readonly args: readonly unknown[] }>;
}

/**
 * Defines an operation.
 *
 * With an object: an operation of its own (see `OpDefinition`); the result is called with the tensors, then the attributes.
 * With a name and a function over other operations: a composite. Its gradient and its ONNX form come from what it calls.
 *
 * @example
 * const swish = defineOp("swish", (x: Tensor, beta = 1) => x.mul(sigmoid(x.mul(beta))));
 */
export function defineOp<A extends object>(definition: OneOutput<A>): OpFunction<A>;
export function defineOp<A extends object>(definition: ManyOutputs<A>): OpFunction<A, Tensor[]>;
export function defineOp<F extends (...args: never[]) => Tensor>(name: string, body: F, options?: CompositeOptions): F;
export function defineOp(
  definition: OpDefinition<object> | string,
  body?: (...args: never[]) => Tensor,
  options: CompositeOptions = {},
): unknown {
  if (typeof definition === "string") return composite(definition, body!, options);
  const call = (...args: unknown[]) => {
    const last = args.at(-1);
    const hasAttrs = isAttributes(last);
    const inputs = (hasAttrs ? args.slice(0, -1) : args).map((x) => asTensor(x as TensorArg));
    const attrs = (hasAttrs ? last : {}) as object;
    const spec = definition.shape(inputs, attrs);
    return Array.isArray(spec)
      ? applyMulti(definition as unknown as ManyOutputs<object>, inputs, attrs)
      : apply(definition as unknown as OneOutput<object>, inputs, attrs);
  };
  Object.defineProperty(call, "name", { value: definition.name });
  return Object.assign(call, { op: definition });
}

function isAttributes(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof Tensor) return false;
  return !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function composite(
  name: string,
  body: (...args: never[]) => Tensor,
  { onnx }: CompositeOptions,
): (...args: never[]) => Tensor {
  const definition: OpDefinition<{ args: readonly unknown[] }> = {
    name,
    shape: () => {
      throw new UnsupportedError({ op: name, rule: "a composite's shape is known only by running it" });
    },
    forward: () => {
      throw new UnsupportedError({ op: name, rule: "a composite runs through its body" });
    },
    gradient: nonDifferentiable("the operations inside are recorded instead"),
    onnx: onnx ?? unsupported("the operations inside are exported instead"),
  };
  const call = (...args: never[]): Tensor => {
    const { tracer } = runtime;
    const tensors = args.map((x) => (isTensorLike(x) ? asTensor(x as TensorArg) : x)) as never[];
    if (tracer === null || onnx === undefined) return body(...tensors);
    runtime.tracer = null;
    let y: Tensor;
    try {
      y = body(...tensors);
    } finally {
      runtime.tracer = tracer;
    }
    const inputs = tensors.filter((x): x is never => (x as unknown) instanceof Tensor) as unknown as Tensor[];
    const rest = tensors.filter((x) => !((x as unknown) instanceof Tensor));
    tracer.record(definition as unknown as OpDefinition<never>, inputs, { args: rest }, [y]);
    return y;
  };
  Object.defineProperty(call, "name", { value: name });
  return call;
}

// In a composite plain numbers stay numbers: they may be parameters, and operations take them as they are.
function isTensorLike(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
