import { ArgumentError } from "../errors.ts";
import { floating, unaryOp } from "../families/unary.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";

export interface GeluOptions {
  /** "none" is exact; "tanh" is the approximation of the paper, itself computed exactly. Default "none". */
  readonly approximate?: "none" | "tanh";
}

const exact = /* @__PURE__ */ unaryOp<object>({
  name: "gelu",
  kernel: (k) => k.gelu,
  grad: (k) => k.geluGrad,
  // The normal density times 2 - x^2.
  second: (x) => {
    const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return mul(density, sub(2, square(x)));
  },
  onnx: (g, [x]) => {
    if (g.opset >= 20) return g.node("Gelu", [x!]);
    const erf = g.node("Erf", [g.node("Mul", [x!, g.constant(Math.SQRT1_2)])]);
    return half(g, x!, erf);
  },
});

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

// x sigmoid(w), w = 2 sqrt(2 / pi) (x + 0.044715 x^3)
function secondOfTanhForm(x: Tensor): Tensor {
  const xx = square(x);
  const w = mul(mul(x, 2 * ROOT), add(mul(xx, CUBIC), 1));
  const slope = mul(add(mul(xx, 3 * CUBIC), 1), 2 * ROOT);
  const ds = mul(sigmoid(w), sigmoid(neg(w)));
  const curve = sub(mul(x, 12 * ROOT * CUBIC), mul(square(slope), tanh(mul(w, 0.5))));
  return mul(ds, add(mul(slope, 2), mul(x, curve)));
}

const tanhForm = /* @__PURE__ */ unaryOp<object>({
  name: "gelu",
  kernel: (k) => k.geluTanh,
  grad: (k) => k.geluTanhGrad,
  second: secondOfTanhForm,
  onnx: (g, [x]) => {
    if (g.opset >= 20) return g.node("Gelu", [x!], { approximate: "tanh" });
    const cube = g.node("Mul", [g.node("Mul", [x!, x!]), x!]);
    const inner = g.node("Add", [x!, g.node("Mul", [cube, g.constant(CUBIC)])]);
    return half(g, x!, g.node("Tanh", [g.node("Mul", [inner, g.constant(ROOT)])]));
  },
});

// x / 2 * (1 + s)
function half(g: OnnxBuilder, x: OnnxValue, s: OnnxValue): OnnxValue {
  return g.node("Mul", [g.node("Mul", [x, g.constant(0.5)]), g.node("Add", [s, g.constant(1)])]);
}

/**
 * `x Phi(x)`, Phi the distribution function of the standard normal (https://arxiv.org/abs/1606.08415); 0 at -inf. With
 * `approximate: "tanh"`: `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
 *
 * Differs from PyTorch: the negative tail keeps its relative accuracy (there `1 + erf` cancels).
 * @throws ArgumentError for another `approximate`.
 */
export function gelu(x: TensorArg, options: GeluOptions = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate !== "none" && approximate !== "tanh") {
    throw new ArgumentError({
      op: "gelu",
      rule: "no such approximation",
      received: JSON.stringify(approximate),
      expected: '"none" or "tanh"',
    });
  }
  return apply(approximate === "tanh" ? tanhForm : exact, [floating(x)], {});
}
