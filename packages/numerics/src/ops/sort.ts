import { asTensor, zeros } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { around } from "../families/along-dim.ts";
import type { ValuesAndIndices } from "../families/extreme.ts";
import { applyMulti, type ManyOutputs } from "../op.ts";
import { engine } from "../runtime.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { scatter } from "./scatter.ts";
import { to } from "./to.ts";

interface SortAttrs {
  readonly dim: number;
  readonly descending: boolean;
  /** How many of the first are wanted. */
  readonly take: number;
}

const definition: ManyOutputs<SortAttrs> = {
  name: "sort",
  shape: ([x], { dim, take }) => {
    const shape = x!.shape.map((s, i) => (i === dim ? take : s));
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: "int64" },
    ];
  },
  forward: (k, [x], { dim, descending, take }, [spec]) => {
    const float = isFloatingPoint(x!.dtype);
    const compute = float ? (x!.dtype === "float64" ? "float64" : "float32") : "int64";
    const source = contiguous(to(x!, compute));
    const [values, indices] = [allocate(spec!.shape, compute), allocate(spec!.shape, "int64")];
    const [outer, n, inner] = around(x!.shape, dim);
    if (values.size > 0) {
      const scratch = engine().scratch(engine().threads * 2 * n * 16);
      const kernel = compute === "int64" ? k.sortInt64 : k.sort[compute];
      kernel(source.ptr, values.ptr, indices.ptr, scratch, outer, n, inner, take, descending ? 1 : 0);
    }
    return [to(values, spec!.dtype), indices];
  },
  gradient: ({ outputs, dy, specs: [x], attrs }) => {
    if (x!.shape.length === 0) return [dy];
    return [scatter(zeros(x!.shape, { dtype: dy.dtype }), attrs.dim, outputs[1]!, dy)];
  },
  saves: { inputs: "none", outputs: [1] },
  onnx: (g, [x], { dim, descending, take }) => {
    const attributes = { axis: dim, largest: descending ? 1 : 0, sorted: 1 };
    return g.nodes("TopK", [x!, g.ints([take])], attributes, { outputs: 2 });
  },
};

function run(x: Tensor, attrs: SortAttrs): ValuesAndIndices {
  const [values, indices] = applyMulti(definition, [x], attrs);
  return { values: values!, indices: indices! };
}

export interface SortOptions {
  /** Greatest first. Default false. */
  readonly descending?: boolean;
}

/** The elements along `dim` (default the last) in order, and where they were (int64). Stable; NaN is greatest. */
export function sort(x: TensorArg, dim = -1, options: SortOptions = {}): ValuesAndIndices {
  const t = asTensor(x);
  const d = normalizeDim("sort", dim, t.ndim);
  return run(t, { dim: d, descending: options.descending ?? false, take: t.shape[d] ?? 1 });
}

/** Where the elements along `dim` (default the last) lie in sorted order. Stable; NaN is greatest. */
export function argsort(x: TensorArg, dim = -1, options: SortOptions = {}): Tensor {
  const { values, indices } = sort(x, dim, options);
  values.dispose();
  return indices;
}

export interface TopkOptions {
  /** The greatest, else the smallest. Default true. */
  readonly largest?: boolean;
}

/**
 * The `k` greatest (or smallest) elements along `dim` (default the last), in order, and where they were (int64). NaN is greatest; of equals the
 * first come first. @throws ArgumentError unless `k` lies between 0 and the dimension's size.
 */
export function topk(x: TensorArg, k: number, dim = -1, options: TopkOptions = {}): ValuesAndIndices {
  const t = asTensor(x);
  const d = normalizeDim("topk", dim, t.ndim);
  const size = t.shape[d] ?? 1;
  if (!Number.isSafeInteger(k) || k < 0 || k > size) {
    throw new ArgumentError({
      op: "topk",
      rule: "k must lie between 0 and the size of the dimension",
      received: `k ${k}, size ${size}`,
    });
  }
  return run(t, { dim: d, descending: options.largest ?? true, take: t.ndim === 0 ? 1 : k });
}
