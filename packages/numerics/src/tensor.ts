import { backward } from "./autograd/backward.ts";
import type { GradNode } from "./autograd/node.ts";
import { asTensor } from "./create.ts";
import { type DType, isFloatingPoint, itemSize, type TypedArray, typedArrayClass } from "./dtype.ts";
import { ArgumentError, DisposedError, DTypeError, ShapeError } from "./errors.ts";
import { toNumber } from "./half.ts";
import { detach } from "./ops/detach.ts";
import { formatTensor } from "./print.ts";
import { engine, runtime } from "./runtime.ts";
import { adopt } from "./scope.ts";
import { contiguousStrides, formatShape, isContiguousLayout, type Shape, sizeOfShape } from "./shape.ts";
import { Storage } from "./storage.ts";
import { TensorMethods } from "./tensor-methods.ts";

export type NestedArray = readonly (number | bigint | boolean | NestedArray)[];

/** What every function of Tenon takes as a tensor. */
export type TensorArg = Tensor | number | bigint | boolean | NestedArray | TypedArray;

/**
 * A multi-dimensional array of one element type in the engine's memory, with an optional record of how it was computed.
 * Make one with `tensor(data)`, `zeros(shape)` and their kin.
 *
 * `shape` and `strides` (in elements) describe a window on `storage`; views share it.
 */
export class Tensor extends TensorMethods {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Position of the first element in the storage, in elements. For authors of operations. */
  readonly offset: number;
  /** The memory. For authors of operations. */
  readonly storage: Storage;
  /** The recorded operation that made this tensor. */
  node: GradNode | null = null;
  outputIndex = 0;
  requiresGradFlag = false;
  /** For a saved handle: the leaf that it stands for. */
  source: Tensor | null = null;
  kept = false;
  #disposed = false;
  #grad: Tensor | null = null;
  #gradSeen = false;

  /** Takes over one reference to `storage`. Use `tensor`, `allocate` or `viewOf`. */
  constructor(storage: Storage, shape: Shape, strides: readonly number[], offset: number, dtype: DType) {
    super();
    this.storage = storage;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.dtype = dtype;
    this.size = sizeOfShape(shape);
  }

  /** Tells tensors of another installed copy of this package, which `instanceof` cannot see. */
  get [Symbol.for("tenon.Tensor")](): true {
    return true;
  }

  get ndim(): number {
    return this.shape.length;
  }

  /** Byte offset of the first element in the engine's heap. For authors of operations. */
  get ptr(): number {
    if (this.#disposed) this.#failDisposed();
    return this.storage.offset + this.offset * itemSize(this.dtype);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  #failDisposed(): never {
    const made = this.node === null ? "" : ` made by ${this.node.op.name}`;
    throw new DisposedError({
      op: "Tensor",
      rule: "used after it was disposed",
      received: `a tensor ${formatShape(this.shape)} ${this.dtype}${made}`,
      hint: "Return it from tidy(), give it to keep(), or dispose of it later",
    });
  }

  /** Frees the memory unless views or the tape still need it. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.storage.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  isContiguous(): boolean {
    return isContiguousLayout(this.shape, this.strides);
  }

  // --- reading out -------------------------------------------------------------------------------------------------

  /**
   * The value of a tensor with one element: a number, or a boolean for bool.
   * @throws ShapeError for any other size; DTypeError for an int64 beyond 2^53 (see `itemBigInt`).
   */
  item(): number | boolean {
    const value = this.#single("item");
    if (typeof value !== "bigint") return this.dtype === "bool" ? value !== 0 : toNumber(value, this.dtype);
    const n = Number(value);
    if (!Number.isSafeInteger(n)) {
      throw new DTypeError({
        op: "item",
        rule: "the integer is too large for a number",
        received: String(value),
        hint: "Call itemBigInt()",
      });
    }
    return n;
  }

  /** The value of an integer tensor with one element, exactly. */
  itemBigInt(): bigint {
    const value = this.#single("itemBigInt");
    return typeof value === "bigint" ? value : BigInt(Math.trunc(toNumber(value, this.dtype)));
  }

  #single(op: string): number | bigint {
    if (this.size !== 1) {
      throw new ShapeError({
        op,
        rule: "takes a tensor with one element",
        received: `${formatShape(this.shape)}, ${this.size} elements`,
        hint: "Reduce it first (sum, mean), or read it with toArray() or data()",
      });
    }
    runtime.tracer?.reading(this);
    this.ptr;
    return engine().heap.view(this.dtype, this.storage.offset + this.offset * itemSize(this.dtype), 1)[0]!;
  }

  /** A copy of the elements, row-major, as a typed array (float16 and bfloat16 as bit patterns). */
  data(): TypedArray {
    runtime.tracer?.reading(this);
    const source = this.contiguous();
    const view = engine().heap.view(source.dtype, source.ptr, source.size);
    // slice() of a view on shared memory would stay shared, which many APIs refuse.
    const out = new (typedArrayClass(this.dtype))(this.size) as Uint8Array;
    out.set(view as Uint8Array);
    if (source !== this) source.dispose();
    return out;
  }

  /**
   * The elements without copying. Only for contiguous tensors, and only until the next call into Tenon: the memory may
   * then hold something else.
   */
  view(): TypedArray {
    if (!this.isContiguous()) {
      throw new ArgumentError({ op: "view", rule: "only a contiguous tensor can be viewed", hint: "Call data()" });
    }
    runtime.tracer?.reading(this);
    return engine().heap.view(this.dtype, this.ptr, this.size);
  }

  /** The elements as nested JavaScript arrays; a scalar gives its value. int64 beyond 2^53 come as bigint. */
  toArray(): unknown {
    const flat = Array.from(this.data() as ArrayLike<number | bigint>, (v): number | bigint | boolean => {
      if (this.dtype === "bool") return v !== 0;
      if (typeof v === "bigint") return Number.isSafeInteger(Number(v)) ? Number(v) : v;
      return toNumber(v, this.dtype);
    });
    let at = 0;
    const build = (dim: number): unknown =>
      dim === this.ndim ? flat[at++] : Array.from({ length: this.shape[dim]! }, () => build(dim + 1));
    return build(0);
  }

  override toString(): string {
    return formatTensor(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return formatTensor(this);
  }

  // --- differentiation ---------------------------------------------------------------------------------------------

  /** Whether operations on this tensor are recorded. Can be set on leaves of floating dtype. */
  get requiresGrad(): boolean {
    return this.requiresGradFlag;
  }

  set requiresGrad(value: boolean) {
    if (value && !isFloatingPoint(this.dtype)) {
      throw new DTypeError({
        op: "requiresGrad",
        rule: "only floating tensors have gradients",
        received: this.dtype,
        hint: "Convert it with .to('float32')",
      });
    }
    if (!value && this.node !== null) {
      throw new ArgumentError({
        op: "requiresGrad",
        rule: "can be switched off on leaves only",
        hint: "Use detach() for a tensor without history",
      });
    }
    this.requiresGradFlag = value;
  }

  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** Whether no recorded operation made this tensor. */
  get isLeaf(): boolean {
    return this.node === null;
  }

  /** The gradient that `backward()` has accumulated, or null. */
  get grad(): Tensor | null {
    this.#gradSeen = true;
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value === this.#grad) return;
    // A gradient that nobody outside has seen can be freed at once, long before the garbage collector would.
    if (!this.#gradSeen) this.#grad?.dispose();
    this.#gradSeen = value !== null && !value.ownedByTape;
    this.#grad = value;
  }

  /** The gradient for reading or writing within the caller's own step, for optimizers: it is freed by `zeroGrad()`. */
  borrowGrad(): Tensor | null {
    return this.#grad;
  }

  /** Set on gradients that `backward()` made and nobody else holds. */
  ownedByTape = false;

  /** Keeps the gradient of a tensor that is not a leaf: `grad` is set by the next `backward()`. */
  retainGrad(): this {
    this.node?.retainGradOf(this);
    return this;
  }

  /**
   * Computes the gradients of this tensor with respect to all leaves that it depends on and adds them to their `grad`.
   * @param gradient gradient of the loss with respect to this tensor; may be left out for a single element (1 then).
   * @throws GraphError without a path to a leaf, or if the graph was freed by an earlier call without `retainGraph`.
   */
  backward(gradient?: TensorArg, options: BackwardOptions = {}): void {
    backward(this, gradient === undefined ? undefined : asTensor(gradient), options);
  }

  /** The same values without history; shares memory. */
  detach(): Tensor {
    return detach(this);
  }
}

export interface BackwardOptions {
  /** Keeps the graph for another `backward()`. Default: the value of `createGraph`. */
  readonly retainGraph?: boolean;
  /** Records the gradients' own computation, for higher derivatives. Default false. */
  readonly createGraph?: boolean;
}

/** A handle on the same storage for the tape: it keeps the memory, its history and its leaf, and belongs to no scope. */
export function aliasOf(t: Tensor): Tensor {
  t.storage.retain();
  const alias = new Tensor(t.storage, t.shape, t.strides, t.offset, t.dtype);
  alias.node = t.node;
  alias.outputIndex = t.outputIndex;
  alias.requiresGradFlag = t.requiresGradFlag;
  alias.source = t.node === null && t.requiresGradFlag ? (t.source ?? t) : null;
  return alias;
}

/** Another window on the same memory, without history. For the forward of view operations. */
export function viewOf(t: Tensor, shape: Shape, strides: readonly number[], offset: number): Tensor {
  t.ptr; // a disposed tensor must not be revived
  t.storage.retain();
  const view = new Tensor(t.storage, shape, strides, offset, t.dtype);
  adopt(view, runtime.scope);
  return view;
}

/** An uninitialised, contiguous tensor for a kernel to write into. For authors of operations. */
export function allocate(shape: Shape, dtype: DType): Tensor {
  const storage = new Storage(Math.max(1, sizeOfShape(shape)) * itemSize(dtype));
  const t = new Tensor(storage, shape, contiguousStrides(shape), 0, dtype);
  adopt(t, runtime.scope);
  return t;
}
