import { zeros } from "../create.ts";
import { isInteger } from "../dtype.ts";
import { binary } from "../families/binary.ts";
import { modular } from "../families/modular.ts";
import type { Lowering } from "../graph/onnx.ts";
import type { GradientContext } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { trunc } from "./trunc.ts";

const onnx: Lowering<object> = (g, [a, b]) => g.node("Floor", [g.node("Div", [a!, b!])]);

const steps = ({ specs }: GradientContext<object>) => specs.map(({ shape, dtype }) => zeros(shape, { dtype }));

const floatingOp = /* @__PURE__ */ binary({
  name: "floorDivide",
  kernel: (k) => k.floorDivide,
  gradient: steps,
  saves: { inputs: "none" },
  onnx,
});

/**
 * `floor(a / b)`, with broadcasting; integers stay integers. Its derivative is 0.
 * @throws ArgumentError for whole numbers divided by zero.
 */
export const floorDivide = /* @__PURE__ */ modular("floorDivide", floatingOp, (k) => k.intFloorDivide, onnx);

const truncated = /* @__PURE__ */ modular(
  "div",
  /* @__PURE__ */ binary({
    name: "div",
    kernel: (k) => k.div,
    gradient: steps,
    saves: { inputs: "none" },
    onnx: (g, [a, b]) => g.node("Div", [a!, b!]),
  }),
  (k) => k.intTruncDivide,
  (g, [a, b]) => g.node("Div", [a!, b!]),
);

/** `a / b` without its fraction; integers stay integers. */
export function truncDivide(a: TensorArg, b: TensorArg): Tensor {
  const q = truncated(a, b);
  return isInteger(q.dtype) ? q : trunc(q);
}
