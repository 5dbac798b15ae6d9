import {
  apply,
  expm1,
  isTracing,
  type OneOutput,
  square,
  type Tensor,
  tidy,
  unsupported,
  where,
} from "@tenon/numerics";

// Up to here the series needs this many terms for the last bit of float64.
const NEAR = 1 / 16;
const TERMS = 9;

const definition: OneOutput<object> = {
  name: "excess",
  shape: ([x]) => x!,
  forward: (_k, [x]) => tidy(() => value(x!)),
  gradient: ({ inputs: [x], dy }) => [expm1(x!.neg()).neg().mul(dy)],
  onnx: unsupported("what it is composed of is exported instead"),
};

/** `exp(-x) - 1 + x`, a parabola near 0 whose digits the sum would lose. */
export function excess(x: Tensor): Tensor {
  return isTracing() ? value(x) : apply(definition, [x], {});
}

function value(x: Tensor): Tensor {
  const s = x.clamp({ min: -NEAR, max: NEAR });
  // x^2 (1/2! - x/3! + x^2/4! - ...)
  let factor = 2;
  const coefficients = Array.from({ length: TERMS }, (_, k) => {
    if (k > 0) factor *= -(k + 2);
    return 1 / factor;
  });
  let series = s.mul(coefficients[TERMS - 1]!).add(coefficients[TERMS - 2]!);
  for (let k = TERMS - 3; k >= 0; k--) series = series.mul(s).add(coefficients[k]!);
  return where(x.abs().le(NEAR), square(s).mul(series), expm1(x.neg()).add(x));
}
