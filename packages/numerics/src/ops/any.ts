import { asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reducedCount,
  reducedShape,
  reduceNode,
  reductionAttrs,
  reductionLayout,
} from "../families/reduction.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, nonDifferentiable, type OneOutput } from "../op.ts";
import { engine } from "../runtime.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { eq } from "./eq.ts";
import { ne } from "./ne.ts";
import { to } from "./to.ts";

/** How many elements are not 0. */
function count(k: Kernels, x: Tensor, attrs: ReductionAttrs): Tensor {
  const y = allocate(reducedShape(x.shape, attrs), "int64");
  const float = isFloatingPoint(x.dtype);
  const source = float ? to(x, x.dtype === "float64" ? "float64" : "float32") : to(to(x, "bool"), "int64");
  const l = reductionLayout(source, attrs.dims);
  const scratch = engine().scratch(l.scratch);
  if (l.outputs === 0) return y;
  if (float)
    k.reduceCountNonzero[source.dtype as "float32"](l.ptr, y.ptr, scratch, l.shape, l.strides, l.kept, l.splits);
  else k.reduceInt64(l.ptr, y.ptr, scratch, l.shape, l.strides, l.kept, l.splits, 0);
  return y;
}

function logical(name: "any" | "all"): OneOutput<ReductionAttrs> {
  return {
    name,
    shape: ([x], attrs) => ({ shape: reducedShape(x!.shape, attrs), dtype: "bool" }),
    forward: (k, [x], attrs) => {
      const n = count(k, x!, attrs);
      return name === "any" ? ne(n, 0) : eq(n, reducedCount(x!.shape, attrs));
    },
    gradient: nonDifferentiable("truth has no slope"),
    onnx: (g, [x], attrs) => {
      const flags = g.cast(g.cast(x!, "bool"), "float32");
      const opType = name === "any" ? "ReduceMax" : "ReduceMin";
      return g.cast(reduceNode(opType, 18)(g, [flags], attrs), "bool");
    },
  };
}

const anyDefinition = /* @__PURE__ */ logical("any");
const allDefinition = /* @__PURE__ */ logical("all");

const countDefinition: OneOutput<ReductionAttrs> = {
  name: "countNonzero",
  shape: ([x], attrs) => ({ shape: reducedShape(x!.shape, attrs), dtype: "int64" }),
  forward: (k, [x], attrs) => count(k, x!, attrs),
  gradient: nonDifferentiable("a number of elements moves in jumps"),
  onnx: (g, [x], attrs) => reduceNode("ReduceSum", 13)(g, [g.cast(g.cast(x!, "bool"), "int64")], attrs),
};

/** Whether any element over `dim` (one, several, or all by default) is not 0, as bool. NaN is not 0; nothing gives false. */
export function any(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(anyDefinition, [t], reductionAttrs("any", t, dim, options));
}

/** Whether all elements over `dim` (one, several, or all by default) are not 0, as bool. NaN is not 0; nothing gives true. */
export function all(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(allDefinition, [t], reductionAttrs("all", t, dim, options));
}

/** How many elements over `dim` (one, several, or all by default) are not 0, as int64. */
export function countNonzero(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(countDefinition, [t], reductionAttrs("countNonzero", t, dim, options));
}
