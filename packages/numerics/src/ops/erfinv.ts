import { type UnaryFunction, unary } from "../families/unary.ts";
import { unsupported } from "../op.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** The inverse of `erf`, for `|x| <= 1`; NaN outside. */
export const erfinv: UnaryFunction = /* @__PURE__ */ unary({
  name: "erfinv",
  kernel: (k) => k.erfinv,
  grad: (k) => k.erfinvGrad,
  second: (x, _attrs, derivative) => mul(mul(erfinv(x), 2), square(derivative(x))),
  onnx: unsupported("ONNX has no inverse error function"),
});
