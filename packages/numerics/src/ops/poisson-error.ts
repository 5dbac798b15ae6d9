import { type ElementwiseLossOptions, elementwiseLoss } from "../families/elementwise-loss.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { neg } from "./neg.ts";
import { sub } from "./sub.ts";

/** `t * l`, 0 where t = 0. */
function events(g: OnnxBuilder, t: OnnxValue, l: OnnxValue): OnnxValue {
  const none = g.node("Equal", [t, g.constant(0)]);
  return g.node("Where", [none, g.constant(0), g.node("Mul", [t, l])]);
}

const ofLogs = /* @__PURE__ */ elementwiseLoss({
  name: "poissonError",
  kernel: (k) => k.lossPoissonOfLogs,
  derivative: (x, t) => ({ input: () => sub(exp(x), t), target: () => neg(x) }),
  onnx: (g, [x, t]) => g.node("Sub", [g.node("Exp", [x!]), events(g, t!, x!)]),
});

const ofRates = /* @__PURE__ */ elementwiseLoss({
  name: "poissonError",
  kernel: (k) => k.lossPoisson,
  derivative: (x, t, eps) => ({
    input: () => sub(1, div(t, add(x, eps))),
    target: () => neg(log(add(x, eps))),
  }),
  onnx: (g, [x, t], { parameter }) => {
    const l = g.node("Log", [g.node("Add", [x!, g.constant(parameter)])]);
    return g.node("Sub", [x!, events(g, t!, l)]);
  },
});

export interface PoissonErrorOptions extends ElementwiseLossOptions {
  /** Whether the input is the rate's logarithm. Default true. */
  readonly logInput?: boolean;
  /** Added to the rate inside its logarithm. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Negative log likelihood of counts t at a Poisson rate, without the term of t alone: `e^x - t x` of the rate's logarithm x, or with
 * `logInput: false` `x - t log(x + eps)` of the rate. No events (t = 0) have no second term, whatever its logarithm; at a rate of infinity the loss is.
 * @example poissonError([0], [3]).item() // 1
 */
export function poissonError(input: TensorArg, target: TensorArg, options: PoissonErrorOptions = {}): Tensor {
  const { logInput = true, eps = 1e-8 } = options;
  return logInput ? ofLogs(input, target, options) : ofRates(input, target, options, eps);
}
