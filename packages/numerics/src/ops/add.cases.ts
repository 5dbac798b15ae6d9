import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { add, add_ } from "./add.ts";

export const cases: OpCases = {
  name: "add",
  run: add,
  also: ["add_"],
  samples: [
    {
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [5, 1.5],
    },
    {
      name: "in place",
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [5, 1.5],
      composed: (a: Tensor, b: Tensor) => add_(a.clone(), b),
    },
  ],
  reference: (a, b) => a + b,
};
