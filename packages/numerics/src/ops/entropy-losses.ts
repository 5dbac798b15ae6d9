import { type ElementwiseLossOptions, elementwiseLoss } from "../families/elementwise-loss.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { lt } from "./lt.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { softplus } from "./softplus.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

const logistic = /* @__PURE__ */ elementwiseLoss({
  name: "binaryEntropyWithLogits",
  kernel: (k) => k.lossLogisticEntropy,
  derivative: (x, t, _parameter, w) => {
    const positive = w === undefined ? t : mul(t, w);
    const weigh = (v: Tensor) => (w === undefined ? v : mul(v, w));
    return {
      input: () => sub(mul(sub(1, t), sigmoid(x)), mul(positive, sigmoid(neg(x)))),
      target: () => sub(weigh(softplus(neg(x))), softplus(x)),
    };
  },
  onnx: (g, [x, t, w]) => {
    const positive = w === undefined ? t! : g.node("Mul", [t!, w]);
    const below = g.node("Mul", [positive, g.node("Softplus", [g.node("Neg", [x!])])]);
    const above = g.node("Mul", [g.node("Sub", [g.constant(1), t!]), g.node("Softplus", [x!])]);
    return g.node("Add", [below, above]);
  },
});

/** A parameter of 1 stands for PyTorch's clamped logarithms. */
const binary = /* @__PURE__ */ elementwiseLoss({
  name: "binaryEntropy",
  kernel: (k) => k.lossBinaryEntropy,
  derivative: (p, t, clamped) => {
    const spread = mul(p, sub(1, p));
    const limit = (v: Tensor, least: number) => (clamped === 0 ? v : where(lt(v, least), least, v));
    return {
      input: () => div(sub(p, t), limit(spread, 1e-12)),
      target: () => sub(limit(log1p(neg(p)), -100), limit(log(p), -100)),
    };
  },
  onnx: (g, [p, t], { parameter }) => {
    const one = g.constant(1);
    const logarithm = (v: OnnxValue) => {
      const l = g.node("Log", [v]);
      return parameter === 0 ? l : g.node("Max", [l, g.constant(-100)]);
    };
    const yes = g.node("Mul", [t!, logarithm(p!)]);
    const no = g.node("Mul", [g.node("Sub", [one, t!]), logarithm(g.node("Sub", [one, p!]))]);
    return g.node("Neg", [g.node("Add", [yes, no])]);
  },
});

function zeroWhere(g: OnnxBuilder, none: OnnxValue, value: OnnxValue): OnnxValue {
  return g.node("Where", [none, g.constant(0), value]);
}

const divergence = /* @__PURE__ */ elementwiseLoss({
  name: "divergence",
  kernel: (k) => k.lossDivergence,
  derivative: (x, t) => ({ input: () => neg(t), target: () => sub(add(log(t), 1), x) }),
  onnx: (g, [x, t]) => {
    const none = g.node("Equal", [t!, g.constant(0)]);
    const safe = g.node("Where", [none, g.constant(1), t!]);
    return zeroWhere(g, none, g.node("Mul", [t!, g.node("Sub", [g.node("Log", [safe]), x!])]));
  },
});

const divergenceOfLogs = /* @__PURE__ */ elementwiseLoss({
  name: "divergenceOfLogs",
  kernel: (k) => k.lossDivergenceOfLogs,
  derivative: (x, t) => {
    const none = eq(t, Number.NEGATIVE_INFINITY);
    return {
      input: () => neg(exp(t)),
      target: () => where(none, 0, mul(exp(t), add(sub(t, x), 1))),
    };
  },
  onnx: (g, [x, t]) => {
    const p = g.node("Exp", [t!]);
    const none = g.node("Equal", [p, g.constant(0)]);
    return zeroWhere(g, none, g.node("Mul", [p, g.node("Sub", [t!, x!])]));
  },
});

const margin = /* @__PURE__ */ elementwiseLoss({
  name: "softMarginError",
  kernel: (k) => k.lossSoftMargin,
  derivative: (x, y, distance) => {
    const slope = () => neg(sigmoid(sub(distance, mul(x, y))));
    return { input: () => mul(y, slope()), target: () => mul(x, slope()) };
  },
  onnx: (g, [x, y], { parameter }) => {
    const product = g.node("Mul", [x!, y!]);
    const z = parameter === 0 ? g.node("Neg", [product]) : g.node("Sub", [g.constant(parameter), product]);
    return g.node("Softplus", [z]);
  },
});

/**
 * Binary cross entropy of logits, element by element: `t * w * softplus(-x) + (1 - t) * softplus(x)`, with w = `posWeight` (any shape that
 * broadcasts). Value and gradient are exact to a rounding at any logit: 0 at (inf, 1), inf at (-inf, 1) with gradient -w.
 */
export function binaryEntropyWithLogits(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly posWeight?: TensorArg } = {},
): Tensor {
  return logistic(input, target, options, 0, options.posWeight);
}

/**
 * Binary cross entropy of probabilities, element by element: `-(t * log(p) + (1 - t) * log(1 - p))`, 0 log 0 = 0.
 * `clampLog` (default true, as PyTorch) keeps logarithms at -100 or more and the gradient's denominator at 1e-12 or more; false is exact.
 */
export function binaryEntropy(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly clampLog?: boolean } = {},
): Tensor {
  return binary(input, target, options, (options.clampLog ?? true) ? 1 : 0);
}

/**
 * Pointwise Kullback-Leibler divergence of log-probabilities x from probabilities t: `t * (log t - x)`, 0 where t = 0. With `logTarget` the target
 * holds log-probabilities too: `exp(t) * (t - x)`.
 */
export function divergenceError(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly logTarget?: boolean } = {},
): Tensor {
  return (options.logTarget ? divergenceOfLogs : divergence)(input, target, options);
}

/** `log(1 + exp(margin - y * x))` for targets y of 1 or -1, without overflow. `margin` defaults to 0. */
export function softMarginError(
  input: TensorArg,
  target: TensorArg,
  options: ElementwiseLossOptions & { readonly margin?: number } = {},
): Tensor {
  return margin(input, target, options, options.margin ?? 0);
}
