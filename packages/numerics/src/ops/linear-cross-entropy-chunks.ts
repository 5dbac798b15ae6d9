import { full, zeros } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { type ClassLossAttrs, refuseBadTarget } from "../families/class-loss.ts";
import type { Kernels } from "../generated/kernels.ts";
import { allocate, type Tensor } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { gemmScratch } from "./matmul.ts";
import { to } from "./to.ts";

/** Logits of one chunk: large enough for the products to run at full speed, small beside any model whose vocabulary needs chunks. */
const CHUNK_BYTES = 32 * 2 ** 20;

export interface ChunkAttrs extends ClassLossAttrs {
  readonly chunk: number;
  readonly hasBias: boolean;
  /** Which of input, weight and bias get their gradient in the forward pass. */
  readonly wanted: readonly [boolean, boolean, boolean];
}

/** How many rows make a chunk: what was asked for, or as many as fit, in sixteens. @throws ArgumentError for a chunk of no rows. */
export function chunkOf(op: string, given: number | undefined, classes: number, itemSize: number): number {
  if (given === undefined) return Math.max(16, Math.floor(CHUNK_BYTES / Math.max(1, classes * itemSize)) & ~15);
  if (Number.isInteger(given) && given > 0) return given;
  throw new ArgumentError({ op, rule: "chunkSize must be a whole number above 0", received: String(given) });
}

type Dtype = "float32";

/** Inputs as the kernels want them. */
interface Prepared {
  readonly dtype: Dtype;
  readonly x: Tensor;
  readonly w: Tensor;
  readonly bias: Tensor | null;
  readonly target: Tensor;
  readonly classWeight: Tensor | null;
  readonly divisor: Tensor;
}

export function prepare(k: Kernels, inputs: readonly Tensor[], attrs: ChunkAttrs): Prepared {
  const [x, w, target] = inputs as [Tensor, Tensor, Tensor];
  const bias = attrs.hasBias ? inputs[3]! : null;
  const classWeight = inputs[attrs.hasBias ? 4 : 3] ?? null;
  const dtype = x.dtype as Dtype;
  const indices = contiguous(to(target, "int64"));
  const weights = classWeight === null ? null : contiguous(to(classWeight, dtype));
  const divisor = allocate([], "float64");
  refuseBadTarget(k, dtype, indices, weights, divisor, w.shape[0]!, attrs);
  return {
    dtype,
    x: contiguous(x),
    w: contiguous(w),
    bias: bias === null ? null : contiguous(bias),
    target: indices,
    classWeight: weights,
    divisor,
  };
}

/** Where gradients are added up; null where nobody wants them. */
interface Gradients {
  readonly x: Tensor | null;
  readonly w: Tensor | null;
  readonly bias: Tensor | null;
}

/**
 * Walks the rows in chunks: logits, losses, the logits' gradient in their place, and that gradient's share of the three results. `rowScale` is the gradient of
 * each row's loss, 0 for one.
 */
export function walk(k: Kernels, p: Prepared, attrs: ChunkAttrs, rows: number, out: Gradients, rowScale: number): void {
  const { dtype, x, w, bias, target, classWeight, divisor } = p;
  const [count, features] = x.shape as [number, number];
  const classes = w.shape[0]!;
  const size = dtype === "float32" ? 4 : 8;
  const wanted = out.x !== null || out.w !== null || out.bias !== null;
  const mean = attrs.reduction === "mean" ? divisor.ptr : 0;
  const logits = allocate([Math.min(attrs.chunk, count), classes], dtype);
  const ones = out.bias === null ? null : full([Math.min(attrs.chunk, count)], 1, { dtype });
  const multiply = (a: number, b: number, y: number, addend: number, layout: readonly number[], accumulate: boolean) =>
    k.gemmStrided[dtype](a, b, y, addend, [...layout], [], [], [], accumulate ? 1 : 0, gemmScratch());
  for (let from = 0; from < count; from += attrs.chunk) {
    const n = Math.min(attrs.chunk, count - from);
    const at = x.ptr + from * features * size;
    multiply(at, w.ptr, logits.ptr, bias?.ptr ?? 0, [n, classes, features, features, 1, 1, features], false);
    const own = target.ptr + from * 8;
    const scale = rowScale === 0 ? 0 : rowScale + from * size;
    const weightPtr = classWeight?.ptr ?? 0;
    const losses = rows === 0 ? 0 : rows + from * 8;
    const grad = wanted ? logits.ptr : 0;
    const { ignoreIndex, smoothing } = attrs;
    const sizes = [n, classes, 1] as const;
    k.crossEntropy[dtype](
      logits.ptr,
      own,
      0,
      weightPtr,
      scale,
      mean,
      losses,
      grad,
      ...sizes,
      ignoreIndex,
      smoothing,
      0,
    );
    if (out.x !== null) {
      const dx = out.x.ptr + from * features * size;
      multiply(logits.ptr, w.ptr, dx, 0, [n, features, classes, classes, 1, features, 1], false);
    }
    if (out.w !== null) {
      multiply(logits.ptr, at, out.w.ptr, 0, [classes, features, n, 1, classes, features, 1], true);
    }
    if (out.bias !== null && ones !== null) {
      multiply(ones.ptr, logits.ptr, out.bias.ptr, 0, [1, classes, n, n, 1, classes, 1], true);
    }
  }
}

export function makeGradients({ dtype, x, w, bias }: Prepared, wanted: readonly boolean[]): Gradients {
  return {
    x: wanted[0] ? allocate(x.shape, dtype) : null,
    w: wanted[1] ? zeros(w.shape, { dtype }) : null,
    bias: wanted[2] && bias !== null ? zeros(bias.shape, { dtype }) : null,
  };
}
