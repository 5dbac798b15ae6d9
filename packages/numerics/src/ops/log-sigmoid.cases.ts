import type { OpCases } from "../testing/cases.ts";
import { logSigmoid } from "./log-sigmoid.ts";

const logistic = (x: number) => {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
};

export const cases: OpCases = {
  name: "logSigmoid",
  run: logSigmoid,
  samples: [
    {
      args: () => [[-1000, -1, 0, 30]],
      expect: [-1000, -1.3132616875182228, -Math.LN2, -9.357622968839737e-14],
    },
  ],
  reference: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  derivative: (x) => logistic(-x),
};
