import type { OpCases } from "../testing/cases.ts";
import { cos } from "./cos.ts";

export const cases: OpCases = {
  name: "cos",
  run: cos,
  samples: [
    { args: () => [[-2, 0, 0.5, 20]], expect: [-0.4161468365471424, 1, 0.8775825618903728, 0.40808206181339196] },
  ],
  reference: Math.cos,
  derivative: (x) => -Math.sin(x),
};
