import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor, ones } from "../create.ts";
import { around } from "../families/along-dim.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reduceNode,
  reduction,
  reductionAttrs,
} from "../families/reduction.ts";
import { apply, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { normalizeDim, sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { stack } from "./cat.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { select } from "./slice.ts";

const definition = reduction<ReductionAttrs>({
  name: "prod",
  kernel: (k, dtype, l, y, scratch) => k.reduceProd[dtype](l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits),
  integer: "product",
  gradient: ({ inputs: [x], dy, attrs: { dims } }) => {
    const kept = x!.shape.map((_, i) => i).filter((i) => !dims.includes(i));
    const order = [...kept, ...dims];
    const outer = sizeOfShape(kept.map((d) => x!.shape[d]!));
    const rows = reshape(permute(x!, order), [outer, outer === 0 ? 0 : x!.size / outer]);
    const g = reshape(dy, [outer]);
    const dx = isGradEnabled() ? productOfOthers(rows, g) : apply(gradDefinition, [rows, g], {});
    const back = order.map((_, d) => order.indexOf(d));
    return [
      permute(
        reshape(
          dx,
          order.map((d) => x!.shape[d]!),
        ),
        back,
      ),
    ];
  },
  onnx: reduceNode("ReduceProd", 18),
});

const gradDefinition: OneOutput<object> = {
  name: "prodGrad",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x, dy], _attrs, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const [rows, g] = [contiguous(x!), contiguous(dy!)];
    k.prodGrad[spec.dtype as "float32"](rows.ptr, g.ptr, dx.ptr, ...around(spec.shape, 1));
    return dx;
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

/** dy times the product of the other elements of each row, by prefixes and suffixes, in operations. */
function productOfOthers(rows: Tensor, dy: Tensor): Tensor {
  const n = rows.shape[1]!;
  const columns = Array.from({ length: n }, (_, i) => select(rows, 1, i));
  const one = ones([rows.shape[0]!], { dtype: rows.dtype });
  const prefix = [one];
  const suffix = new Array<Tensor>(n).fill(one);
  for (let i = 1; i < n; i++) prefix.push(mul(prefix[i - 1]!, columns[i - 1]!));
  for (let i = n - 2; i >= 0; i--) suffix[i] = mul(suffix[i + 1]!, columns[i + 1]!);
  if (n === 0) return rows;
  return stack(
    columns.map((_, i) => mul(dy, mul(prefix[i]!, suffix[i]!))),
    1,
  );
}

/**
 * The product over `dim` (one, several, or all by default). float32 accumulates in float64; integers and bool give int64; nothing gives 1. The
 * gradient multiplies the other elements, so that zeros do no harm.
 */
export function prod(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("prod", t, dim, options));
}

const cumulative: OneOutput<{ readonly dim: number }> = {
  name: "cumprod",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x], { dim }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const sizes = around(spec.shape, dim);
    const source = contiguous(x!).ptr;
    if (spec.dtype === "int64") k.scanInt64(source, y.ptr, ...sizes, 1);
    else k.cumprod[spec.dtype as "float32"](source, y.ptr, ...sizes);
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs }) => [
    isGradEnabled() ? composedCumprodGrad(x!, dy, attrs.dim) : apply(cumulativeGrad, [x!, dy], attrs),
  ],
  onnx: unsupported("the standard has no running product"),
};

const cumulativeGrad: OneOutput<{ readonly dim: number }> = {
  name: "cumprodGrad",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x, dy], { dim }, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const [source, g] = [contiguous(x!), contiguous(dy!)];
    k.cumprodGrad[spec.dtype as "float32"](source.ptr, g.ptr, dx.ptr, ...around(spec.shape, dim));
    return dx;
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

function composedCumprodGrad(x: Tensor, dy: Tensor, dim: number): Tensor {
  const n = x.shape[dim] ?? 1;
  if (x.ndim === 0 || n === 0) return dy;
  const [xs, gs] = [x, dy].map((t) => Array.from({ length: n }, (_, i) => select(t, dim, i))) as [Tensor[], Tensor[]];
  const tails = new Array<Tensor>(n);
  for (let i = n - 1; i >= 0; i--) tails[i] = i === n - 1 ? gs[i]! : gs[i]!.add(mul(xs[i + 1]!, tails[i + 1]!));
  let prefix: Tensor | null = null;
  const out = tails.map((tail, i) => {
    const own: Tensor = prefix === null ? tail : mul(prefix, tail);
    prefix = prefix === null ? xs[i]! : mul(prefix, xs[i]!);
    return own;
  });
  return stack(out, dim);
}

/** Running products along `dim`: `out_i = x_0 * ... * x_i`. float32 accumulates in float64; integers and bool give int64. */
export function cumprod(x: TensorArg, dim: number): Tensor {
  const t = asTensor(x);
  const float = t.dtype === "float32" || t.dtype === "float64";
  return apply(cumulative, [float ? t : t.to("int64")], { dim: normalizeDim("cumprod", dim, t.ndim) });
}
