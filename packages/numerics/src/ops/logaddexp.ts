import { type BinaryFunction, exactBinary } from "../families/exact-binary.ts";
import type { Lowering, OnnxValue } from "../graph/onnx.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { sub } from "./sub.ts";

// p (1 - p), p the share of a
function curvature(a: Tensor, b: Tensor, rate: number) {
  const d = mul(sub(a, b), rate);
  const c = mul(mul(sigmoid(d), sigmoid(neg(d))), rate);
  return { aa: c, ab: neg(c), bb: c };
}

// max + log(1 + base^-|a - b|)
const lowering =
  (base: number): Lowering<object> =>
  (g, [a, b]) => {
    const rate = Math.log(base);
    const scaled = (x: OnnxValue, by: number) => (by === 1 ? x : g.node("Mul", [x, g.constant(by)]));
    const distance = g.node("Neg", [g.node("Abs", [g.node("Sub", [a!, b!])])]);
    const sum = g.node("Add", [g.node("Exp", [scaled(distance, rate)]), g.constant(1)]);
    return g.node("Add", [g.node("Max", [a!, b!]), scaled(g.node("Log", [sum]), 1 / rate)]);
  };

/**
 * `log(e^a + e^b)` without overflow, with broadcasting.
 * @example logaddexp(1000, 1000).item() // 1000.6931762695312
 */
export const logaddexp: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "logaddexp",
  kernel: (k) => k.logaddexp,
  gradA: (k) => k.logaddexpGradA,
  gradB: (k) => k.logaddexpGradB,
  second: (a, b) => curvature(a, b, 1),
  onnx: lowering(Math.E),
});

/** `log2(2^a + 2^b)` without overflow, with broadcasting. */
export const logaddexp2: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "logaddexp2",
  kernel: (k) => k.logaddexp2,
  gradA: (k) => k.logaddexp2GradA,
  gradB: (k) => k.logaddexp2GradB,
  second: (a, b) => curvature(a, b, Math.LN2),
  onnx: lowering(2),
});
