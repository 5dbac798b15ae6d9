import { asTensor } from "../create.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { apply, type OneOutput, type TensorSpec } from "../op.ts";
import { formatShape, sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { gemmScratch, matmul, product } from "./matmul.ts";
import { reshape } from "./reshape.ts";
import { sum } from "./sum.ts";

function check(x: TensorSpec, weight: TensorSpec, bias: TensorSpec | undefined): void {
  const [outFeatures, inFeatures] = weight.shape as [number, number];
  // Written only when something is wrong: this runs before every product.
  const received = () =>
    `input ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}${bias === undefined ? "" : `, bias ${formatShape(bias.shape)}`}`;
  if (x.shape.length === 0 || x.shape.at(-1) !== inFeatures) {
    throw new ShapeError({
      op: "linear",
      rule: "inner sizes differ",
      received: received(),
      expected: `the input's last size (${x.shape.at(-1) ?? "none"}) to equal the weight's (${inFeatures})`,
    });
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== outFeatures)) {
    throw new ShapeError({
      op: "linear",
      rule: "the bias does not fit the weight",
      received: received(),
      expected: `a bias of [${outFeatures}]`,
    });
  }
  for (const t of [x, weight, bias]) {
    if (t !== undefined && (t.dtype !== x.dtype || (t.dtype !== "float32" && t.dtype !== "float64"))) {
      throw new DTypeError({
        op: "linear",
        rule: "takes float32 or float64, the same for all operands",
        received: `${x.dtype}, ${weight.dtype}${bias === undefined ? "" : `, ${bias.dtype}`}`,
        hint: "Convert them with to()",
      });
    }
  }
}

const definition: OneOutput<object> = {
  name: "linear",
  shape: ([x, weight, bias]) => {
    check(x!, weight!, bias);
    return { shape: [...x!.shape.slice(0, -1), weight!.shape[0]!], dtype: x!.dtype };
  },
  forward: (k, [x, weight, bias], _attrs, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    if (y.size === 0) return y;
    const columns = weight!.shape[0]!;
    const inner = weight!.shape[1]!;
    // Rows of any two-dimensional view can be walked as they lie; more dimensions must be one run of rows.
    const rows = x!.ndim === 2 ? x! : x!.contiguous();
    const row = x!.ndim === 2 ? rows.strides[0]! : inner;
    const layout = [
      y.size / columns,
      columns,
      inner,
      row,
      rows.strides.at(-1)!,
      weight!.strides[1]!,
      weight!.strides[0]!,
    ];
    const addend = bias === undefined ? 0 : bias.contiguous().ptr;
    k.gemmStrided[dtype as "float32"](rows.ptr, weight!.ptr, y.ptr, addend, layout, [], [], [], 0, gemmScratch());
    return y;
  },
  gradient: ({ inputs: [x, weight], specs, dy, needs }) => {
    const [outFeatures, inFeatures] = specs[1]!.shape as [number, number];
    const flat = dy.ndim === 2 ? dy : reshape(dy, [sizeOfShape(dy.shape) / Math.max(outFeatures, 1), outFeatures]);
    const rows = flat.shape[0]!;
    let dx: Tensor | null = null;
    let dw: Tensor | null = null;
    if (needs[0]) {
      dx = product(flat, weight!);
      if (dy.ndim !== 2) dx = reshape(dx, specs[0]!.shape);
    }
    if (needs[1]) dw = product(flat, x!.ndim === 2 ? x! : reshape(x!, [rows, inFeatures]), { transposeA: true });
    return [dx, dw, needs[2] ? sum(flat, 0) : null];
  },
  saves: { inputs: (needs) => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])] },
  onnx: (g, [x, weight, bias]) => {
    if (x!.shape.length === 2) return g.node("Gemm", [x!, weight!, bias ?? null], { transB: 1 });
    const product = g.node("MatMul", [x!, g.node("Transpose", [weight!], { perm: [1, 0] })]);
    return bias === undefined ? product : g.node("Add", [product, bias]);
  },
};

/**
 * An affine map of the last dimension. `y = x weight^T + bias`
 *
 * Shapes: input `[..., in]`, weight `[out, in]` (or `[in]`, which gives one number per row), bias `[out]`; result `[..., out]`.
 * float32 or float64, the same for all. `[..., in]` may have no other dimensions.
 *
 * @throws ShapeError if sizes do not fit; DTypeError for other or different element types.
 * @example linear([[1, 2]], [[3, 4], [5, 6]], [10, 20]).toArray() // [[21, 37]]
 */
export function linear(input: TensorArg, weight: TensorArg, bias?: TensorArg | null): Tensor {
  const [x, w] = [asTensor(input), asTensor(weight)];
  if (w.ndim === 1) {
    const y = matmul(x, w);
    return bias === undefined || bias === null ? y : add(y, bias);
  }
  if (w.ndim !== 2) {
    throw new ShapeError({
      op: "linear",
      rule: "the weight must be a matrix",
      received: formatShape(w.shape),
      expected: "[out, in]",
    });
  }
  return apply(definition, bias === undefined || bias === null ? [x, w] : [x, w, asTensor(bias)], {});
}
