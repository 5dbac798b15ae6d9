import type { OpCases } from "../testing/cases.ts";
import { mish } from "./mish.ts";

export const cases: OpCases = {
  name: "mish",
  run: mish,
  samples: [
    { args: () => [[-20, -1, 0, 2]], expect: [-4.122307240628761e-8, -0.3034014613741089, 0, 1.9439589595339946] },
  ],
  reference: (x) => {
    const n = Math.exp(Math.min(x, 40)) * (Math.exp(Math.min(x, 40)) + 2);
    return x === Number.NEGATIVE_INFINITY ? 0 : x * (n / (n + 2));
  },
};
