import type { OpCases } from "../testing/cases.ts";
import { tanh } from "./tanh.ts";

const slope = (x: number) => {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
};

export const cases: OpCases = {
  name: "tanh",
  run: tanh,
  samples: [
    {
      args: () => [[-2, 9.313225746154785e-10, 0.5, 30]],
      expect: [-0.9640275800758169, 9.313225746154785e-10, 0.46211715726000974, 1],
    },
  ],
  reference: Math.tanh,
  derivative: (x) => 4 * slope(2 * x),
};
