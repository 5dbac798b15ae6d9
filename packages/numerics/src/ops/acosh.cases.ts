import type { OpCases } from "../testing/cases.ts";
import { acosh } from "./acosh.ts";

export const cases: OpCases = {
  name: "acosh",
  run: acosh,
  samples: [
    {
      args: () => [[1.125, 1.5, 3, 30]],
      expect: [0.4949329230945269, 0.9624236501192069, 1.762747174039086, 4.0940666686320855],
    },
  ],
  reference: Math.acosh,
  derivative: (x) => (x < 1 ? Number.NaN : 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1))),
  domain: [1.1, 5],
};
