import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { sub, sub_ } from "./sub.ts";

export const cases: OpCases = {
  name: "sub",
  run: sub,
  also: ["sub_"],
  samples: [
    {
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [-1, -2.5],
    },
    {
      name: "in place",
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [-1, -2.5],
      composed: (a: Tensor, b: Tensor) => sub_(a.clone(), b),
    },
  ],
  reference: (a, b) => a - b,
};
