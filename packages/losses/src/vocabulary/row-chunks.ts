import {
  ArgumentError,
  apply,
  cat,
  enableGrad,
  grad,
  isFloatingPoint,
  isGradEnabled,
  narrow,
  noGrad,
  type OneOutput,
  ShapeError,
  type Tensor,
  tidy,
  unsupported,
  zerosLike,
} from "@tenon/numerics";

/** One number for each row of a chunk, from that chunk of the row tensors and from the shared ones. */
export type RowFunction = (rows: readonly Tensor[], shared: readonly Tensor[]) => Tensor;

export interface RowChunksOptions {
  /** Rows that are worked on at one time. */
  readonly chunkSize: number;
}

interface Attrs {
  readonly fn: RowFunction;
  readonly chunk: number;
  /** How many of the inputs are cut into chunks. */
  readonly cut: number;
}

const OP = "overRowChunks";

/**
 * Runs `fn` on chunks of rows and again, chunk by chunk, in the backward pass, so that what `fn` makes on the way (logits of a large vocabulary, above all)
 * exists for one chunk at a time: memory for one more forward pass. Losses of pairs, distillation or preferences whose inputs are products with a vocabulary's
 * matrix are bounded this way.
 *
 * Shapes: every row tensor `[N, ...]`; `fn` gets `[n, ...]` and gives `[n]`; result `[N]`. Every row must be a function of its own slices and the shared tensors
 * alone. Gradients flow to all floating tensors; what `fn` captures besides its arguments is a constant.
 * @throws ShapeError for row tensors of different lengths or a result that is not one number a row; ArgumentError for a chunk of no rows.
 * @example overRowChunks(([x], [w]) => x!.matmul(w!).sum(1), [ones([5, 2])], [ones([2, 3])], { chunkSize: 2 }).toArray() // [6, 6, 6, 6, 6]
 */
export function overRowChunks(
  fn: RowFunction,
  rows: readonly Tensor[],
  shared: readonly Tensor[],
  { chunkSize }: RowChunksOptions,
): Tensor {
  if (!Number.isInteger(chunkSize) || chunkSize < 1) {
    throw new ArgumentError({ op: OP, rule: "chunkSize must be a whole number above 0", received: String(chunkSize) });
  }
  const lengths = rows.map(({ shape }) => shape[0]);
  if (rows.length === 0 || lengths.some((length) => length === undefined || length !== lengths[0])) {
    throw new ShapeError({
      op: OP,
      rule: "row tensors must have the same first size",
      received: `[${lengths.map((length) => length ?? "scalar").join(", ")}]`,
    });
  }
  const inputs = [...rows, ...shared];
  // What there is to gain is in the backward pass; a trace wants the operations themselves.
  const chunked = isGradEnabled() && inputs.some((x) => x.requiresGrad);
  const attrs: Attrs = { fn, chunk: chunkSize, cut: rows.length };
  return chunked ? apply(definition, inputs, attrs) : inChunks(inputs, attrs, false);
}

/** Slices of the row tensors, then the shared ones. */
function slices(inputs: readonly Tensor[], { cut, chunk }: Attrs, from: number): Tensor[] {
  const length = Math.min(chunk, inputs[0]!.shape[0]! - from);
  return inputs.map((x, i) => (i < cut ? narrow(x, 0, from, length) : x));
}

function call({ fn, cut }: Attrs, inputs: readonly Tensor[]): Tensor {
  const y = fn(inputs.slice(0, cut), inputs.slice(cut));
  const n = inputs[0]!.shape[0]!;
  if (y.ndim === 1 && y.shape[0] === n) return y;
  throw new ShapeError({
    op: OP,
    rule: "the function must give one number for each row",
    received: `[${y.shape.join(", ")}]`,
    expected: `[${n}]`,
  });
}

function inChunks(inputs: readonly Tensor[], attrs: Attrs, free: boolean): Tensor {
  const count = inputs[0]!.shape[0]!;
  if (count === 0) return call(attrs, inputs);
  const parts: Tensor[] = [];
  for (let from = 0; from < count; from += attrs.chunk) {
    const part = () => call(attrs, slices(inputs, attrs, from));
    parts.push(free ? tidy(part) : part());
  }
  return parts.length === 1 ? parts[0]! : cat(parts, 0);
}

const definition: OneOutput<Attrs> = {
  name: OP,
  shape: ([first]) => ({ shape: [first!.shape[0]!], dtype: first!.dtype }),
  forward: (_kernels, inputs, attrs, spec) => inChunks(inputs, attrs, true).to(spec.dtype),
  gradient: ({ inputs, dy, attrs, needs }) => {
    if (isGradEnabled()) {
      const wanted = inputs.filter((_, i) => needs[i]);
      const found = grad([inChunks(inputs, attrs, false)], wanted, { gradOutputs: [dy], createGraph: true });
      return inputs.map((x, i) => (needs[i] ? found[wanted.indexOf(x)]! : null));
    }
    return chunkedGradients(inputs, dy, attrs, needs);
  },
  onnx: unsupported("a trace records the operations inside"),
};

function chunkedGradients(inputs: readonly Tensor[], dy: Tensor, attrs: Attrs, needs: readonly boolean[]) {
  const sums = inputs.map((x, i) => (needs[i] && isFloatingPoint(x.dtype) ? zerosLike(x) : null));
  const count = inputs[0]!.shape[0]!;
  for (let from = 0; from < count; from += attrs.chunk) {
    tidy(() => {
      const leaves = slices(inputs, attrs, from).map((x) => x.detach());
      for (const [i, leaf] of leaves.entries()) leaf.requiresGrad = sums[i] !== null;
      const wanted = leaves.filter(({ requiresGrad }) => requiresGrad);
      const rows = enableGrad(() => call(attrs, leaves));
      if (!rows.requiresGrad) return;
      const seed = narrow(dy, 0, from, rows.shape[0]!);
      const found = grad([rows], wanted, { gradOutputs: [seed.to(rows.dtype)], allowUnused: true });
      noGrad(() => {
        for (const [i, leaf] of leaves.entries()) {
          const g = sums[i] === null ? null : found[wanted.indexOf(leaf)];
          if (g === null || g === undefined) continue;
          const into = i < attrs.cut ? narrow(sums[i]!, 0, from, leaf.shape[0]!) : sums[i]!;
          into.add_(g);
        }
      });
    });
  }
  return sums;
}
