import { type BinaryFunction, exactBinary } from "../families/exact-binary.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** `sqrt(a^2 + b^2)` without overflow, with broadcasting. The derivatives at the origin are 0. */
export const hypot: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "hypot",
  kernel: (k) => k.hypot,
  gradA: (k) => k.hypotGradA,
  gradB: (k) => k.hypotGradB,
  second: (a, b) => {
    const h = hypot(a, b);
    const cube = mul(h, square(h));
    return { aa: div(square(b), cube), ab: neg(div(mul(a, b), cube)), bb: div(square(a), cube) };
  },
  onnx: (g, [a, b]) => g.node("Sqrt", [g.node("Add", [g.node("Mul", [a!, a!]), g.node("Mul", [b!, b!])])]),
});
