import type { Arithmetic, Stripe } from "./resample.ts";

type Floats = Float32Array | Float64Array;

/** Floating numbers of one precision, each sum in float64 and rounded once. */
export function floatArithmetic<A extends Floats>(kind: new (length: number) => A): Arithmetic<A> {
  return {
    make: (length) => new kind(length),
    blend: (data, out, weights) => (stripe) => {
      if (stripe.taps <= 4) four(data, out, weights, stripe);
      else any(data, out, weights, stripe);
    },
  };
}

/** A tap that a window does not have weighs 0 and reads the window's first value, which is in it anyway. */
function four(data: Floats, out: Floats, weights: Float64Array, stripe: Stripe): void {
  const { inStep, outStep, tapStep, weight, taps } = stripe;
  const w0 = weights[weight]!;
  const w1 = taps > 1 ? weights[weight + 1]! : 0;
  const w2 = taps > 2 ? weights[weight + 2]! : 0;
  const w3 = taps > 3 ? weights[weight + 3]! : 0;
  const [t1, t2, t3] = [taps > 1 ? tapStep : 0, taps > 2 ? 2 * tapStep : 0, taps > 3 ? 3 * tapStep : 0];
  const end = stripe.to + stripe.outputs * outStep;
  for (let o = stripe.to, s = stripe.from; o < end; o += outStep, s += inStep) {
    out[o] = data[s]! * w0 + data[s + t1]! * w1 + data[s + t2]! * w2 + data[s + t3]! * w3;
  }
}

function any(data: Floats, out: Floats, weights: Float64Array, stripe: Stripe): void {
  const { from, inStep, to, outStep, tapStep, weight, taps, outputs } = stripe;
  for (let j = 0; j < outputs; j++) {
    let sum = 0;
    for (let k = 0, s = from + j * inStep; k < taps; k++, s += tapStep) sum += data[s]! * weights[weight + k]!;
    out[to + j * outStep] = sum;
  }
}
