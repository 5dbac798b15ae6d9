import { arange, asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { ge } from "./ge.ts";
import { le } from "./le.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

interface TriangleAttrs {
  readonly diagonal: number;
}

function triangle(name: "tril" | "triu"): OneOutput<TriangleAttrs> {
  const own: OneOutput<TriangleAttrs> = {
    name,
    shape: ([x]) => {
      if (x!.shape.length >= 2) return { shape: x!.shape, dtype: x!.dtype };
      throw new ShapeError({ op: name, rule: "takes matrices", received: formatShape(x!.shape) });
    },
    forward: (_k, [x], { diagonal }) => {
      const [rows, columns] = x!.shape.slice(-2) as [number, number];
      const distance = sub(arange(columns), reshape(arange(rows), [rows, 1]));
      const kept = name === "tril" ? le(distance, diagonal) : ge(distance, diagonal);
      return to(where(kept, x!, 0), x!.dtype);
    },
    gradient: ({ dy, attrs }) => [apply(own, [dy], attrs)],
    saves: { inputs: "none" },
    onnx: (g, [x], { diagonal }) => {
      const k = g.constant(diagonal, { dtype: "int64" });
      const bool = x!.dtype === "bool";
      const y = g.node("Trilu", [bool ? g.cast(x!, "int32") : x!, k], { upper: name === "triu" ? 1 : 0 });
      return bool ? g.cast(y, "bool") : y;
    },
  };
  return own;
}

const lower = /* @__PURE__ */ triangle("tril");
const upper = /* @__PURE__ */ triangle("triu");

/** The lower triangle of matrices, zeros above diagonal number `diagonal` (0 is the main one, positive ones lie above it). */
export function tril(x: TensorArg, diagonal = 0): Tensor {
  return apply(lower, [asTensor(x)], { diagonal });
}

/** The upper triangle of matrices, zeros below diagonal number `diagonal` (0 is the main one, positive ones lie above it). */
export function triu(x: TensorArg, diagonal = 0): Tensor {
  return apply(upper, [asTensor(x)], { diagonal });
}
