import { exactBinaryOp } from "../families/exact-binary.ts";
import { modular } from "../families/modular.ts";
import type { Lowering } from "../graph/onnx.ts";

const noCurvature = () => ({ aa: null, ab: null, bb: null });

const fmodOnnx: Lowering<object> = (g, [a, b]) => g.node("Mod", [a!, b!], { fmod: 1 });

const fmodOp = /* @__PURE__ */ exactBinaryOp({
  name: "fmod",
  kernel: (k) => k.fmod,
  gradA: (k) => k.fmodGradA,
  gradB: (k) => k.fmodGradB,
  second: noCurvature,
  onnx: fmodOnnx,
});

const remainderOnnx: Lowering<object> = (g, [a, b]) => {
  if (a!.dtype !== "float32" && a!.dtype !== "float64") return g.node("Mod", [a!, b!]);
  return g.node("Sub", [a!, g.node("Mul", [b!, g.node("Floor", [g.node("Div", [a!, b!])])])]);
};

const remainderOp = /* @__PURE__ */ exactBinaryOp({
  name: "remainder",
  kernel: (k) => k.remainder,
  gradA: (k) => k.remainderGradA,
  gradB: (k) => k.remainderGradB,
  second: noCurvature,
  onnx: remainderOnnx,
});

/** `a - b trunc(a / b)`, exact, with the sign of `a`; with broadcasting. Whole numbers refuse a divisor of 0. */
export const fmod = /* @__PURE__ */ modular("fmod", fmodOp, (k) => k.intFmod, fmodOnnx);

/** `a - b floor(a / b)`, exact, with the sign of `b`; with broadcasting. Whole numbers refuse a divisor of 0. */
export const remainder = /* @__PURE__ */ modular("remainder", remainderOp, (k) => k.intRemainder, remainderOnnx);
