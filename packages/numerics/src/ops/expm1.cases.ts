import type { OpCases } from "../testing/cases.ts";
import { expm1 } from "./expm1.ts";

export const cases: OpCases = {
  name: "expm1",
  run: expm1,
  samples: [
    {
      args: () => [[-1, 9.313225746154785e-10, 0.5, 2]],
      expect: [-0.6321205588285577, 9.313225750491594e-10, 0.6487212707001282, 6.38905609893065],
    },
  ],
  reference: Math.expm1,
  derivative: Math.exp,
};
