import { UnsupportedError } from "../errors.ts";
import { reduceNode } from "../families/reduction.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";

/** Enough for float32 at any alpha up to 2: the digits double with each step (entmax-rows.ts). */
const NEWTON_STEPS = 16;

const reduceMax = reduceNode("ReduceMax", 18);
const reduceSum = reduceNode("ReduceSum", 13);

export interface EntmaxAttrs {
  readonly dim: number;
  readonly alpha: number;
}

/** Entmax or its logarithm in nodes of the standard. */
export function lowerEntmax(g: OnnxBuilder, x: OnnxValue, attrs: EntmaxAttrs, log: boolean): OnnxValue {
  if (x.shape.length === 0) {
    const row = g.node("Reshape", [x, g.ints([1])]);
    return g.node("Reshape", [lowerEntmax(g, row, attrs, log), g.ints([])]);
  }
  const { alpha, dim } = attrs;
  const a = alpha - 1;
  const greatest = reduceMax(g, [x], { dims: [dim], keepdim: true });
  const scaled = g.node("Mul", [g.node("Sub", [x, greatest]), g.constant(a)]);
  const shift = alpha === 2 || alpha === 1.5 ? sortedShift(g, scaled, attrs) : newtonShift(g, scaled, greatest, attrs);
  const u = support(g, scaled, shift);
  if (log) return g.node("Div", [g.node("Log", [u]), g.constant(a)]);
  return alpha === 2 ? u : g.node("Pow", [u, g.constant(1 / a)]);
}

/** `max(0, 1 + scaled - shift)`: the probabilities to the power alpha - 1. */
function support(g: OnnxBuilder, scaled: OnnxValue, shift: OnnxValue): OnnxValue {
  return g.node("Relu", [g.node("Sub", [g.node("Add", [scaled, g.constant(1)]), shift])]);
}

/**
 * The shift from the k greatest `1 + scaled`, k being the most that a tau of their own leaves positive: with their mean m and mean square q, tau is m - 1/k
 * for alpha 2 and m - sqrt(1/k - (q - m^2)) for 1.5.
 */
function sortedShift(g: OnnxBuilder, scaled: OnnxValue, { dim, alpha }: EntmaxAttrs): OnnxValue {
  const n = scaled.shape[dim]!;
  // What lies 1 or more below the greatest has no part, and may be infinite.
  const raised = g.node("Relu", [g.node("Add", [scaled, g.constant(1)])]);
  const [sorted] = g.nodes("TopK", [raised, g.ints([n])], { axis: dim, largest: 1, sorted: 1 }, { outputs: 2 });
  const running = (v: OnnxValue) => g.node("CumSum", [v, g.constant(dim, { dtype: "int64" })]);
  const ranks = g.constant(
    Array.from({ length: n }, (_, i) => i + 1),
    { dtype: scaled.dtype, shape: scaled.shape.map((_, i) => (i === dim ? n : 1)) },
  );
  const threshold = (sum: OnnxValue, squares: OnnxValue, k: OnnxValue) => {
    const mean = g.node("Div", [sum, k]);
    const share = g.node("Div", [g.constant(1, { dtype: scaled.dtype }), k]);
    if (alpha === 2) return g.node("Sub", [mean, share]);
    const variance = g.node("Sub", [g.node("Div", [squares, k]), g.node("Mul", [mean, mean])]);
    return g.node("Sub", [mean, g.node("Sqrt", [g.node("Relu", [g.node("Sub", [share, variance])])])]);
  };
  const squares = g.node("Mul", [sorted!, sorted!]);
  const own = threshold(running(sorted!), running(squares), ranks);
  const inside = g.cast(g.node("Greater", [sorted!, own]), scaled.dtype);
  const total = (v: OnnxValue) => reduceSum(g, [g.node("Mul", [v, inside])], { dims: [dim], keepdim: true });
  const size = reduceSum(g, [inside], { dims: [dim], keepdim: true });
  return threshold(total(sorted!), total(squares), size);
}

/** Newton's method from 0 on the sum to the power alpha - 1, written out. */
function newtonShift(g: OnnxBuilder, scaled: OnnxValue, greatest: OnnxValue, { dim, alpha }: EntmaxAttrs): OnnxValue {
  if (alpha > 2) {
    throw new UnsupportedError({
      op: "entmax",
      rule: "alpha above 2 has no ONNX form",
      received: `alpha ${alpha}`,
      hint: "Its normaliser takes some sixty halvings; up to 2 a few steps of Newton's method do",
    });
  }
  const a = alpha - 1;
  const sum = (v: OnnxValue) => reduceSum(g, [v], { dims: [dim], keepdim: true });
  const power = (v: OnnxValue, exponent: number) => g.node("Pow", [v, g.constant(exponent)]);
  let shift = g.node("Sub", [greatest, greatest]);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const u = support(g, scaled, shift);
    const total = sum(power(u, 1 / a));
    const slope = sum(power(u, (2 - alpha) / a));
    shift = g.node("Add", [shift, g.node("Div", [g.node("Sub", [total, power(total, 2 - alpha)]), slope])]);
  }
  return shift;
}
