import { UnsupportedError } from "../errors.ts";
import { type UnaryFunction, unary } from "../families/unary.ts";
import { unsupported } from "../op.ts";

const noOnnx = unsupported("ONNX has no gamma function");

const trigamma: UnaryFunction = /* @__PURE__ */ unary({
  name: "trigamma",
  kernel: (k) => k.trigamma,
  grad: (k) => k.trigammaGrad,
  second: () => {
    throw new UnsupportedError({ op: "lgamma", rule: "derivatives above the third are not there" });
  },
  onnx: noOnnx,
});

/** The derivative of `lgamma`, with poles at 0, -1, -2 ... */
export const digamma: UnaryFunction = /* @__PURE__ */ unary({
  name: "digamma",
  kernel: (k) => k.digamma,
  grad: (k) => k.digammaGrad,
  second: (x) => trigamma.derivative(x),
  onnx: noOnnx,
});

/** `log |Gamma(x)|`. */
export const lgamma: UnaryFunction = /* @__PURE__ */ unary({
  name: "lgamma",
  kernel: (k) => k.lgamma,
  grad: (k) => k.lgammaGrad,
  second: (x) => trigamma(x),
  onnx: noOnnx,
});
