import type { OpCases } from "../testing/cases.ts";
import { relu } from "./relu.ts";

export const cases: OpCases = {
  name: "relu",
  run: relu,
  samples: [{ args: () => [[-2, -0.25, 0.5, 3]], expect: [0, 0, 0.5, 3] }],
  reference: (x) => Math.max(x, 0),
  kinks: [0],
};
