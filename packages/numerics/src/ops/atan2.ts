import { type BinaryFunction, exactBinary } from "../families/exact-binary.ts";
import { unsupported } from "../op.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** The angle of the point `(x, y)` from the x-axis, in `[-pi, pi]`; arguments in the order `atan2(y, x)`, with broadcasting. */
export const atan2: BinaryFunction = /* @__PURE__ */ exactBinary({
  name: "atan2",
  kernel: (k) => k.atan2,
  gradA: (k) => k.atan2GradA,
  gradB: (k) => k.atan2GradB,
  second: (y, x) => {
    const squares = square(add(square(x), square(y)));
    const mixed = div(mul(mul(x, y), 2), squares);
    return { aa: neg(mixed), ab: div(sub(square(y), square(x)), squares), bb: mixed };
  },
  onnx: unsupported("ONNX has no atan2"),
});
