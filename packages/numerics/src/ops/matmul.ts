import { asTensor } from "../create.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply, type OneOutput, type TensorSpec } from "../op.ts";
import { engine } from "../runtime.ts";
import { broadcastShapes, formatShape, type Shape, sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { reshape } from "./reshape.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

export interface MatmulOptions {
  /** "high" sums float32 products in float64 and rounds once; several times slower. Default "default". */
  readonly precision?: "default" | "high";
}

interface ProductAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly precision: "default" | "high";
}

/** Scratch a thread needs; GEMM_SCRATCH in kernels/common/gemm.h. */
const SCRATCH_PER_THREAD = 2 ** 20;

/** Scratch for the kernels that multiply matrices. For authors of operations. */
export function gemmScratch(): number {
  const { threads } = engine();
  return engine().scratch(threads * SCRATCH_PER_THREAD);
}

/** Leading dimensions merged where both operands allow it: what the kernel counts through. */
function mergeBatch(sizes: Shape, a: readonly number[], b: readonly number[]): [number[], number[], number[]] {
  const out: [number[], number[], number[]] = [[], [], []];
  const [n, sa, sb] = out;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    if (size === 1) continue;
    const last = n.length - 1;
    if (last >= 0 && sa[last] === a[i]! * size && sb[last] === b[i]! * size) {
      n[last]! *= size;
      sa[last] = a[i]!;
      sb[last] = b[i]!;
    } else {
      n.push(size);
      sa.push(a[i]!);
      sb.push(b[i]!);
    }
  }
  return out;
}

/** Strides of `t`'s leading dimensions under the batch shape that they broadcast to. */
function batchStrides(t: Tensor, batch: Shape): number[] {
  const lead = batch.length - (t.ndim - 2);
  return batch.map((size, i) => (i < lead || (t.shape[i - lead] === 1 && size !== 1) ? 0 : t.strides[i - lead]!));
}

function multiply(k: Kernels, a: Tensor, b: Tensor, attrs: ProductAttrs, spec: TensorSpec): Tensor {
  const { transposeA, transposeB, precision } = attrs;
  const { shape, dtype } = spec;
  const y = allocate(shape, dtype);
  if (y.size === 0) return y;
  const [na, nb, n] = [a.ndim, b.ndim, shape.length];
  const inner = a.shape[na - (transposeA ? 2 : 1)]!;
  const rowA = a.strides[na - (transposeA ? 1 : 2)]!;
  const columnA = a.strides[na - (transposeA ? 2 : 1)]!;
  const rowB = b.strides[nb - (transposeB ? 1 : 2)]!;
  const columnB = b.strides[nb - (transposeB ? 2 : 1)]!;
  let rows = shape[n - 2]!;
  const columns = shape[n - 1]!;
  let batch: readonly [readonly number[], readonly number[], readonly number[]] = [[], [], []];
  if (n > 2) {
    // One matrix for the whole batch: the batch is only more rows.
    if (nb === 2 && !transposeA && a.isContiguous()) rows = y.size / columns;
    else {
      const sizes = shape.slice(0, -2);
      batch = mergeBatch(sizes, batchStrides(a, sizes), batchStrides(b, sizes));
    }
  }
  const layout = [rows, columns, inner, rowA, columnA, rowB, columnB];
  if (dtype === "float32" && precision === "high") {
    k.gemmWideSums.float32(a.ptr, b.ptr, y.ptr, layout, ...batch, gemmScratch());
  } else if (dtype === "float32" || dtype === "float64") {
    k.gemmStrided[dtype](a.ptr, b.ptr, y.ptr, 0, layout, ...batch, 0, gemmScratch());
  } else if (dtype in k.gemmIntegers) {
    k.gemmIntegers[dtype as keyof Kernels["gemmIntegers"]](a.ptr, b.ptr, y.ptr, layout, ...batch);
  }
  return y;
}

function checkTypes(op: string, a: TensorSpec, b: TensorSpec): void {
  if (a.dtype !== b.dtype) {
    throw new DTypeError({
      op,
      rule: "element types differ",
      received: `${a.dtype} and ${b.dtype}`,
      hint: "Convert one of them with to()",
    });
  }
  if (a.dtype === "bool" || a.dtype === "float16" || a.dtype === "bfloat16") {
    throw new DTypeError({
      op,
      rule: "not defined for this element type",
      received: a.dtype,
      hint: "Convert the operands with to()",
    });
  }
}

function checkInner(op: string, a: Shape, b: Shape, innerA: number, innerB: number): void {
  if (innerA === innerB) return;
  throw new ShapeError({
    op,
    rule: "inner sizes differ",
    received: `a ${formatShape(a)} and b ${formatShape(b)}`,
    expected: `a's last size (${innerA}) to equal b's ${b.length === 1 ? "only" : "second to last"} one (${innerB})`,
  });
}

/** The product of matrices (at least two dimensions each), either of them read transposed. */
const definition: OneOutput<ProductAttrs> = {
  name: "matmul",
  shape: ([a, b], { transposeA, transposeB }) => {
    const [x, y] = [a!.shape, b!.shape];
    const [m, innerA] = transposeA ? [x.at(-1)!, x.at(-2)!] : [x.at(-2)!, x.at(-1)!];
    const [innerB, n] = transposeB ? [y.at(-1)!, y.at(-2)!] : [y.at(-2)!, y.at(-1)!];
    checkInner("matmul", x, y, innerA, innerB);
    checkTypes("matmul", a!, b!);
    if (x.length === 2 && y.length === 2) return { shape: [m, n], dtype: a!.dtype };
    return { shape: [...broadcastShapes("matmul", x.slice(0, -2), y.slice(0, -2)), m, n], dtype: a!.dtype };
  },
  forward: (k, [a, b], attrs, spec) => multiply(k, a!, b!, attrs, spec),
  // With y = A B: dA = dy B^T and dB = A^T dy. Where an operand was read transposed, so is its gradient's formula.
  gradient: ({ inputs: [a, b], specs, dy, attrs, needs }) => {
    const { transposeA, transposeB, precision } = attrs;
    let da: Tensor | null = null;
    let db: Tensor | null = null;
    if (needs[0]) {
      da = transposeA
        ? product(b!, dy, { transposeA: transposeB, transposeB: true, precision })
        : product(dy, b!, { transposeA: false, transposeB: !transposeB, precision });
    }
    if (needs[1]) {
      // A matrix shared by a whole batch gets one product over all rows instead of a sum of products.
      const shared = specs[1]!.shape.length === 2 && specs[0]!.shape.length > 2 && !transposeA;
      const rows = shared ? [sizeOfShape(specs[0]!.shape.slice(0, -1)), specs[0]!.shape.at(-1)!] : [];
      const x = shared ? reshape(a!, rows) : a!;
      const g = shared ? reshape(dy, [rows[0]!, dy.shape.at(-1)!]) : dy;
      db = transposeB
        ? product(g, x, { transposeA: true, transposeB: transposeA, precision })
        : product(x, g, { transposeA: !transposeA, transposeB: false, precision });
    }
    return [da, db];
  },
  saves: { inputs: (needs) => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])] },
  onnx: (g, [a, b], { transposeA, transposeB, precision }, [y]) => {
    const dtype = precision === "high" && y!.dtype === "float32" ? "float64" : y!.dtype;
    const [left, right] = [g.cast(a!, dtype), g.cast(b!, dtype)];
    const product = g.node("MatMul", [transposeA ? swapLast(g, left) : left, transposeB ? swapLast(g, right) : right]);
    return g.cast(product, y!.dtype);
  },
};

function swapLast(g: OnnxBuilder, x: OnnxValue): OnnxValue {
  const n = x.shape.length;
  return g.node("Transpose", [x], { perm: x.shape.map((_, i) => (i === n - 1 ? n - 2 : i === n - 2 ? n - 1 : i)) });
}

/** `matmul` for operands of two dimensions or more, each optionally transposed without a copy. For authors of operations. */
export function product(a: Tensor, b: Tensor, attrs: Partial<ProductAttrs> = {}): Tensor {
  return apply(definition, [a, b], { transposeA: false, transposeB: false, precision: "default", ...attrs });
}

/**
 * Matrix product. `y[..., i, j] = sum over p of a[..., i, p] * b[..., p, j]`
 *
 * Shapes: `[..., m, k]` and `[..., k, n]` give `[..., m, n]`; leading dimensions broadcast. A one-dimensional `a` is a row, a
 * one-dimensional `b` a column, and that dimension is missing in the result: `[k]` and `[k]` give a scalar.
 *
 * Element types: both the same, float32, float64 or an integer type (sums wrap). float32 sums in float32 by blocks, as every fast library
 * does; `precision: "high"` sums in float64 and rounds once.
 *
 * @throws ShapeError if the inner sizes differ, leading dimensions do not broadcast or an operand is a scalar; DTypeError if the element types
 * differ or are float16, bfloat16 or bool.
 * @example matmul([[1, 2], [3, 4]], [[1], [10]]).toArray() // [[21], [43]]
 */
export function matmul(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  if (x.ndim === 0 || y.ndim === 0) {
    throw new ShapeError({
      op: "matmul",
      rule: "takes operands of one dimension or more",
      received: `a ${formatShape(x.shape)} and b ${formatShape(y.shape)}`,
      hint: "Multiply by a scalar with mul()",
    });
  }
  const precision = options.precision ?? "default";
  if (x.ndim > 1 && y.ndim > 1) return product(x, y, { precision });
  checkInner("matmul", x.shape, y.shape, x.shape.at(-1)!, y.shape.at(-2) ?? y.shape[0]!);
  const full = product(x.ndim === 1 ? unsqueeze(x, 0) : x, y.ndim === 1 ? unsqueeze(y, 1) : y, { precision });
  const added = [...(x.ndim === 1 ? [full.ndim - 2] : []), ...(y.ndim === 1 ? [full.ndim - 1] : [])];
  return squeeze(full, added);
}
