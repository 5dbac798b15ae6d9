import type { OpCases } from "../testing/cases.ts";
import { atanh } from "./atanh.ts";

export const cases: OpCases = {
  name: "atanh",
  run: atanh,
  samples: [
    {
      args: () => [[-0.75, 9.313225746154785e-10, 0.5, 0.9375]],
      expect: [-0.9729550745276566, 9.313225746154785e-10, 0.5493061443340549, 1.7169936022425731],
    },
  ],
  reference: Math.atanh,
  derivative: (x) => (Math.abs(x) > 1 ? Number.NaN : 1 / ((1 - x) * (1 + x))),
  domain: [-0.9, 0.9],
};
