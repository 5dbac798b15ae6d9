import { copyInto } from "../copy.ts";
import { asTensor, full } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";
import { indexSelect } from "./index-select.ts";
import { narrow } from "./slice.ts";

interface PadAttrs {
  /** Elements in front of and behind each dimension; 0 or more. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}

const definition: OneOutput<PadAttrs> = {
  name: "pad",
  shape: ([x], { before, after }) => ({
    shape: x!.shape.map((s, i) => s + before[i]! + after[i]!),
    dtype: x!.dtype,
  }),
  forward: (_k, [x], { before, value }, spec) => {
    const y = full(spec.shape, spec.dtype === "bool" ? value !== 0 : value, { dtype: spec.dtype });
    const offset = before.reduce((sum, b, i) => sum + b * y.strides[i]!, 0);
    if (x!.size > 0) copyInto(viewOf(y, x!.shape, y.strides, offset), x!);
    return y;
  },
  gradient: ({ dy, specs: [x], attrs: { before } }) => [
    before.reduce((g, b, dim) => (g.shape[dim] === x!.shape[dim] ? g : narrow(g, dim, b, x!.shape[dim]!)), dy),
  ],
  saves: { inputs: "none" },
  onnx: (g, [x], { before, after, value }) =>
    g.node("Pad", [x!, g.ints([...before, ...after]), g.constant(value, { dtype: x!.dtype })], { mode: "constant" }),
};

export type PadMode = "constant" | "reflect" | "replicate" | "circular";

export interface PadOptions {
  /** What stands in the new places: `value`, the mirrored input, its edge, or its other end. Default "constant". */
  readonly mode?: PadMode;
  /** Default 0. */
  readonly value?: number;
}

/** Where each element of a padded dimension comes from. */
function sources(mode: PadMode, size: number, before: number, after: number): BigInt64Array {
  return BigInt64Array.from({ length: size + before + after }, (_, i) => BigInt(source(mode, i - before, size)));
}

function source(mode: PadMode, at: number, size: number): number {
  if (mode === "replicate") return Math.min(Math.max(at, 0), size - 1);
  if (mode === "circular") return ((at % size) + size) % size;
  return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
}

function checkAmounts(mode: PadMode, x: Tensor, dim: number, before: number, after: number): void {
  const size = x.shape[dim]!;
  const limit = mode === "reflect" ? size - 1 : mode === "circular" ? size : size > 0 ? Number.POSITIVE_INFINITY : 0;
  if (before <= limit && after <= limit) return;
  throw new ShapeError({
    op: "pad",
    rule: `mode "${mode}" has not enough elements to take from`,
    received: `${before} and ${after} around dimension ${dim} of ${formatShape(x.shape)}`,
    expected: `at most ${limit}`,
  });
}

/**
 * `x` with elements added around: `amounts` are [in front of the last dimension, behind it, in front of the one before, ...]; negative amounts
 * cut off.
 * @throws ArgumentError for an odd list or an unknown mode; ShapeError where a mode has not enough elements.
 */
export function pad(x: TensorArg, amounts: readonly number[], options: PadOptions = {}): Tensor {
  const t = asTensor(x);
  const { mode = "constant", value = 0 } = options;
  if (!["constant", "reflect", "replicate", "circular"].includes(mode)) {
    throw new ArgumentError({ op: "pad", rule: "unknown mode", received: JSON.stringify(mode) });
  }
  if (amounts.length % 2 !== 0 || amounts.length > 2 * t.ndim || amounts.some((a) => !Number.isSafeInteger(a))) {
    throw new ArgumentError({
      op: "pad",
      rule: "amounts come in pairs, the last dimension first",
      received: `[${amounts.join(", ")}] for ${t.ndim} dimensions`,
    });
  }
  const before = t.shape.map((_, i) => amounts[2 * (t.ndim - 1 - i)] ?? 0);
  const after = t.shape.map((_, i) => amounts[2 * (t.ndim - 1 - i) + 1] ?? 0);
  const cut = t.shape.reduce((v, size, dim) => cropped(v, dim, size, before[dim]!, after[dim]!), t);
  const grow = (list: readonly number[]) => list.map((a) => Math.max(0, a));
  if (mode === "constant") return apply(definition, [cut], { before: grow(before), after: grow(after), value });
  return cut.shape.reduce((v, size, dim) => {
    const [front, back] = [Math.max(0, before[dim]!), Math.max(0, after[dim]!)];
    if (front === 0 && back === 0) return v;
    checkAmounts(mode, cut, dim, front, back);
    return indexSelect(v, dim, sources(mode, size, front, back));
  }, cut);
}

function cropped(x: Tensor, dim: number, size: number, before: number, after: number): Tensor {
  if (before >= 0 && after >= 0) return x;
  const start = Math.max(0, -before);
  const length = size - start - Math.max(0, -after);
  if (length >= 0) return narrow(x, dim, start, length);
  throw new ShapeError({
    op: "pad",
    rule: "more is cut off than there is",
    received: `${before} and ${after} around dimension ${dim} of ${formatShape(x.shape)}`,
  });
}
