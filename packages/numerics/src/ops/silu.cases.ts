import type { OpCases } from "../testing/cases.ts";
import { silu } from "./silu.ts";

const logistic = (x: number) => {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
};

export const cases: OpCases = {
  name: "silu",
  run: silu,
  skip: [
    { check: "onnx", dtype: "float64", reason: "onnxruntime fuses it to QuickGelu, which it has in float32 only" },
  ],
  samples: [
    { args: () => [[-20, -1, 0, 2]], expect: [-4.122307236380407e-8, -0.2689414213699951, 0, 1.7615941559557649] },
  ],
  reference: (x) => (x === Number.NEGATIVE_INFINITY ? 0 : x * logistic(x)),
  derivative: (x) => (Math.abs(x) > 800 ? (x > 0 ? 1 : 0) : logistic(x) * (1 + x * logistic(-x))),
};
