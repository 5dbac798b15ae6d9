import type { OpCases } from "../testing/cases.ts";
import { frac, trunc } from "./trunc.ts";

const kinks = [-3, -2, -1, 0, 1, 2, 3];

export const cases: OpCases[] = [
  {
    name: "trunc",
    run: trunc,
    samples: [{ args: () => [[-1.5, 0.5, 2.25, 2.75]], expect: [-1, 0, 2, 2], grads: [[0, 0, 0, 0]] }],
    reference: Math.trunc,
    kinks,
  },
  {
    name: "frac",
    run: frac,
    samples: [{ args: () => [[-1.5, 0.5, 2.25, 2.75]], expect: [-0.5, 0.5, 0.25, 0.75], grads: [[1, 1, 1, 1]] }],
    reference: (x) => x - Math.trunc(x),
    kinks,
  },
];
