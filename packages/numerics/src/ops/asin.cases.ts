import type { OpCases } from "../testing/cases.ts";
import { asin } from "./asin.ts";

export const cases: OpCases = {
  name: "asin",
  run: asin,
  samples: [
    { args: () => [[-0.75, 0, 0.5, 0.875]], expect: [-0.848062078981481, 0, 0.5235987755982989, 1.0654358165107394] },
  ],
  reference: Math.asin,
  derivative: (x) => 1 / Math.sqrt((1 - x) * (1 + x)),
  domain: [-0.9, 0.9],
};
