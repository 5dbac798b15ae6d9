import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { mul, mul_ } from "./mul.ts";

export const cases: OpCases = {
  name: "mul",
  run: mul,
  also: ["mul_"],
  samples: [
    {
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [6, -1],
    },
    {
      name: "in place",
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [6, -1],
      composed: (a: Tensor, b: Tensor) => mul_(a.clone(), b),
    },
  ],
  reference: (a, b) => a * b,
};
