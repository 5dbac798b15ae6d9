import type { OpCases } from "../testing/cases.ts";
import { sigmoid } from "./sigmoid.ts";

const logistic = (x: number) => {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
};

const slope = (x: number) => {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
};

export const cases: OpCases = {
  name: "sigmoid",
  run: sigmoid,
  samples: [
    { args: () => [[-100, -1, 0, 2]], expect: [3.720075976020836e-44, 0.2689414213699951, 0.5, 0.8807970779778824] },
  ],
  reference: logistic,
  derivative: slope,
};
