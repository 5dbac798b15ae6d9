import { ArgumentError } from "../errors.ts";
import { type ElementwiseLossOptions, elementwiseLoss } from "../families/elementwise-loss.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { div } from "./div.ts";
import { gt } from "./gt.ts";
import { le } from "./le.ts";
import { lt } from "./lt.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sub } from "./sub.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

/** The derivative of a loss of the difference d = input - target, towards both. */
function ofDifference(slope: (d: Tensor, parameter: number) => Tensor) {
  return (x: Tensor, t: Tensor, parameter: number) => {
    const d = sub(x, t);
    return { input: () => slope(d, parameter), target: () => neg(slope(d, parameter)) };
  };
}

function sign(d: Tensor): Tensor {
  return sub(to(gt(d, 0), d.dtype), to(lt(d, 0), d.dtype));
}

function between(d: Tensor, limit: number): Tensor {
  return le(mul(d, sign(d)), limit);
}

const parts = (g: OnnxBuilder, [x, t]: readonly OnnxValue[]) => {
  const d = g.node("Sub", [x!, t!]);
  const a = g.node("Abs", [d]);
  return { d, a, half: g.node("Mul", [g.node("Mul", [d, d]), g.constant(0.5)]) };
};

const squared = /* @__PURE__ */ elementwiseLoss({
  name: "squaredError",
  kernel: (k) => k.lossSquared,
  derivative: /* @__PURE__ */ ofDifference((d) => mul(d, 2)),
  onnx: (g, inputs) => {
    const { d } = parts(g, inputs);
    return g.node("Mul", [d, d]);
  },
});

const absolute = /* @__PURE__ */ elementwiseLoss({
  name: "absoluteError",
  kernel: (k) => k.lossAbsolute,
  derivative: /* @__PURE__ */ ofDifference(sign),
  onnx: (g, inputs) => parts(g, inputs).a,
});

const huber = /* @__PURE__ */ elementwiseLoss({
  name: "huberError",
  kernel: (k) => k.lossHuber,
  derivative: /* @__PURE__ */ ofDifference((d, delta) => where(between(d, delta), d, mul(sign(d), delta))),
  onnx: (g, inputs, { parameter }) => {
    const { a, half } = parts(g, inputs);
    const line = g.node("Mul", [g.node("Sub", [a, g.constant(parameter / 2)]), g.constant(parameter)]);
    return g.node("Where", [g.node("LessOrEqual", [a, g.constant(parameter)]), half, line]);
  },
});

const smooth = /* @__PURE__ */ elementwiseLoss({
  name: "smoothAbsoluteError",
  kernel: (k) => k.lossSmoothAbsolute,
  derivative: /* @__PURE__ */ ofDifference((d, beta) =>
    beta === 0 ? sign(d) : where(lt(mul(d, sign(d)), beta), div(d, beta), sign(d)),
  ),
  onnx: (g, inputs, { parameter }) => {
    const { a, half } = parts(g, inputs);
    if (parameter === 0) return a;
    const line = g.node("Sub", [a, g.constant(parameter / 2)]);
    return g.node("Where", [
      g.node("Less", [a, g.constant(parameter)]),
      g.node("Div", [half, g.constant(parameter)]),
      line,
    ]);
  },
});

/** `(input - target)^2`, reduced in the same pass; float64 inside. For mean squared error. */
export function squaredError(input: TensorArg, target: TensorArg, options: ElementwiseLossOptions = {}): Tensor {
  return squared(input, target, options);
}

/** `|input - target|`, reduced in the same pass. The derivative at 0 is 0. */
export function absoluteError(input: TensorArg, target: TensorArg, options: ElementwiseLossOptions = {}): Tensor {
  return absolute(input, target, options);
}

/**
 * `d^2 / 2` for `|d| <= delta`, else `delta * (|d| - delta / 2)`, with d = input - target. `delta` defaults to 1.
 * Source: Huber, "Robust estimation of a location parameter" (1964). @throws ArgumentError for delta <= 0.
 */
export function huberError(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly delta?: number } = {},
): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ArgumentError({ op: "huberError", rule: "delta must be above 0", received: `${delta}` });
  return huber(input, target, options, delta);
}

/**
 * `d^2 / (2 beta)` for `|d| < beta`, else `|d| - beta / 2`, with d = input - target. `beta` defaults to 1; 0 is the absolute error.
 * @throws ArgumentError for beta < 0.
 */
export function smoothAbsoluteError(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly beta?: number } = {},
): Tensor {
  const { beta = 1 } = options;
  if (!(beta >= 0)) {
    throw new ArgumentError({ op: "smoothAbsoluteError", rule: "beta must be 0 or more", received: `${beta}` });
  }
  return beta === 0 ? absolute(input, target, options) : smooth(input, target, options, beta);
}
