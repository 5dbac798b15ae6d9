import { type BinaryFunction, exactBinary } from "../families/exact-binary.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { neg } from "./neg.ts";
import { reciprocal } from "./reciprocal.ts";
import { square } from "./square.ts";

function lower(g: OnnxBuilder, a: OnnxValue, argument: OnnxValue): OnnxValue {
  const zero = g.node("Equal", [a, g.constant(0)]);
  return g.node("Where", [zero, g.constant(0, { dtype: a.dtype }), g.node("Mul", [a, g.node("Log", [argument])])]);
}

/** `a log(b)`, which is 0 where `a` is 0 (unless `b` is NaN), with broadcasting. */
export const xlogy: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "xlogy",
  kernel: (k) => k.xlogy,
  gradA: (k) => k.xlogyGradA,
  gradB: (k) => k.xlogyGradB,
  second: (a, b) => ({ aa: null, ab: reciprocal(b), bb: neg(div(a, square(b))) }),
  onnx: (g, [a, b]) => lower(g, a!, b!),
});

/** `a log(1 + b)`, which is 0 where `a` is 0 (unless `b` is NaN), with broadcasting. */
export const xlog1py: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "xlog1py",
  kernel: (k) => k.xlog1py,
  gradA: (k) => k.xlog1pyGradA,
  gradB: (k) => k.xlog1pyGradB,
  second: (a, b) => {
    const c = add(b, 1);
    return { aa: null, ab: reciprocal(c), bb: neg(div(a, square(c))) };
  },
  onnx: (g, [a, b]) => lower(g, a!, g.node("Add", [b!, g.constant(1)])),
});
