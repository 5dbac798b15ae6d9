import { allocate, apply, expm1, minimum, type OneOutput, type Tensor } from "@tenon/numerics";

interface Attributes {
  /** Where the exponential goes on as a straight line. */
  readonly cap: number;
}

const definition: OneOutput<Attributes> = {
  name: "expRemainder",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x], { cap }, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    if (y.size === 0) return y;
    const from = x!.contiguous().view() as Float64Array;
    const to = y.view() as Float64Array;
    for (let i = 0; i < to.length; i++) to[i] = remainder(from[i]!, cap);
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs: { cap } }) => [dy.mul(expm1(minimum(x!, cap)))],
  onnx: (g, [x], { cap }) => {
    const number = (value: number) => g.constant(value, { dtype: x!.dtype });
    const bounded = g.node("Min", [x!, number(cap)]);
    const slope = g.node("Sub", [g.node("Exp", [bounded]), number(1)]);
    const beyond = g.node("Mul", [slope, g.node("Sub", [x!, bounded])]);
    return g.node("Add", [g.node("Sub", [slope, bounded]), beyond]);
  },
};

function remainder(x: number, cap: number): number {
  if (x > cap) {
    const slope = Math.expm1(cap);
    return slope - cap + slope * (x - cap);
  }
  // Around 0 the difference cancels: x^2 / 2 (1 + x / 3 (1 + x / 4 (...))), good to 2^-53 there.
  if (Math.abs(x) > 0.25) return Math.expm1(x) - x;
  let series = 1;
  for (let k = 13; k > 2; k--) series = 1 + (series * x) / k;
  return 0.5 * x * x * series;
}

/** `e^x - 1 - x` without cancellation around 0; above `cap` the tangent, so that it stays finite where x is. */
export function expRemainder(x: Tensor, cap: number): Tensor {
  return apply(definition, [x], { cap });
}
