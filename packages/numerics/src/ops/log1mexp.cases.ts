import type { OpCases } from "../testing/cases.ts";
import { log1mexp } from "./log1mexp.ts";

export const cases: OpCases = {
  name: "log1mexp",
  run: log1mexp,
  samples: [{ args: () => [[0.25, Math.LN2, 2, 20]] }],
  reference: (x) => (x < Math.LN2 ? Math.log(-Math.expm1(-x)) : Math.log1p(-Math.exp(-x))),
  derivative: (x) => (x < 0 ? Number.NaN : 1 / Math.abs(Math.expm1(x))),
  domain: [0.1, 4],
};
