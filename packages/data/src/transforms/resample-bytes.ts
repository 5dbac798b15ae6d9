import type { Arithmetic, Stripe } from "./resample.ts";

// Pillow's fixed point: 8 bits of value and 2 of headroom leave 22 for the fraction.
const FRACTION = 22;
const HALF = 1 << (FRACTION - 1);

/** Bytes in Pillow's arithmetic: weights rounded to 22 bits, sums exact, results rounded and clipped. */
export const byteArithmetic: Arithmetic<Uint8Array> = {
  make: (length) => new Uint8Array(length),
  blend(data, out, exact) {
    const weights = Int32Array.from(exact, (w) => Math.trunc(w * 2 ** FRACTION + (w < 0 ? -0.5 : 0.5)));
    const clipped = new Uint8ClampedArray(out.buffer);
    return (stripe) => {
      if (stripe.taps <= 4) four(data, clipped, weights, stripe);
      else if (stripe.taps <= 6) six(data, clipped, weights, stripe);
      else any(data, clipped, weights, stripe);
    };
  },
};

// Short windows are most of the work. A tap that a window does not have weighs 0 and reads its first value.

function four(data: Uint8Array, out: Uint8ClampedArray, weights: Int32Array, stripe: Stripe): void {
  const { inStep, outStep, tapStep, weight, taps } = stripe;
  const w0 = weights[weight]!;
  const w1 = taps > 1 ? weights[weight + 1]! : 0;
  const w2 = taps > 2 ? weights[weight + 2]! : 0;
  const w3 = taps > 3 ? weights[weight + 3]! : 0;
  const [t1, t2, t3] = [taps > 1 ? tapStep : 0, taps > 2 ? 2 * tapStep : 0, taps > 3 ? 3 * tapStep : 0];
  const end = stripe.to + stripe.outputs * outStep;
  for (let o = stripe.to, s = stripe.from; o < end; o += outStep, s += inStep) {
    const near = Math.imul(data[s]!, w0) + Math.imul(data[s + t1]!, w1);
    out[o] = (HALF + near + Math.imul(data[s + t2]!, w2) + Math.imul(data[s + t3]!, w3)) >> FRACTION;
  }
}

function six(data: Uint8Array, out: Uint8ClampedArray, weights: Int32Array, stripe: Stripe): void {
  const { inStep, outStep, tapStep, weight, taps } = stripe;
  const w0 = weights[weight]!;
  const w1 = weights[weight + 1]!;
  const w2 = weights[weight + 2]!;
  const w3 = weights[weight + 3]!;
  const w4 = weights[weight + 4]!;
  const w5 = taps > 5 ? weights[weight + 5]! : 0;
  const [t2, t3, t4, t5] = [2 * tapStep, 3 * tapStep, 4 * tapStep, taps > 5 ? 5 * tapStep : 0];
  const end = stripe.to + stripe.outputs * outStep;
  for (let o = stripe.to, s = stripe.from; o < end; o += outStep, s += inStep) {
    const near = Math.imul(data[s]!, w0) + Math.imul(data[s + tapStep]!, w1) + Math.imul(data[s + t2]!, w2);
    const far = Math.imul(data[s + t3]!, w3) + Math.imul(data[s + t4]!, w4) + Math.imul(data[s + t5]!, w5);
    out[o] = (HALF + near + far) >> FRACTION;
  }
}

function any(data: Uint8Array, out: Uint8ClampedArray, weights: Int32Array, stripe: Stripe): void {
  const { from, inStep, to, outStep, tapStep, weight, taps, outputs } = stripe;
  for (let j = 0; j < outputs; j++) {
    let sum = HALF;
    for (let k = 0, s = from + j * inStep; k < taps; k++, s += tapStep)
      sum += Math.imul(data[s]!, weights[weight + k]!);
    out[to + j * outStep] = sum >> FRACTION;
  }
}
