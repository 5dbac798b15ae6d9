import type { OpCases } from "../testing/cases.ts";
import { logit } from "./logit.ts";

export const cases: readonly OpCases[] = [
  {
    name: "logit",
    run: logit,
    samples: [{ args: () => [[0.125, 0.5, 0.75]], expect: [-Math.log(7), 0, Math.log(3)] }],
    reference: (x) => (x > 0.25 && x < 0.75 ? Math.log1p((2 * x - 1) / (1 - x)) : Math.log(x / (1 - x))),
    domain: [0.1, 0.9],
  },
  {
    name: "logit",
    run: logit,
    samples: [
      { args: () => [[-1, 0.5, 2], { eps: 0.25 }], expect: [-Math.log(3), 0, Math.log(3)], grads: [[0, 4, 0]] },
    ],
  },
];
