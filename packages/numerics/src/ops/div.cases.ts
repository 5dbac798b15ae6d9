import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { div, div_ } from "./div.ts";

export const cases: OpCases = {
  name: "div",
  run: div,
  also: ["div_"],
  samples: [
    {
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [2 / 3, -0.25],
    },
    {
      name: "in place",
      args: () => [
        [2, -0.5],
        [3, 2],
      ],
      expect: [2 / 3, -0.25],
      composed: (a: Tensor, b: Tensor) => div_(a.clone(), b),
    },
  ],
  reference: (a, b) => a / b,
  domain: [
    [-3, 3],
    [0.5, 3],
  ],
};
