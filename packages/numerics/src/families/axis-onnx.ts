import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";

/** An operator along one axis. ONNX has no axis for a scalar, which becomes a vector of one for the while. */
export function lowerAlongAxis(g: OnnxBuilder, opType: string, x: OnnxValue, axis: number): OnnxValue {
  if (x.shape.length > 0) return g.node(opType, [x], { axis });
  return g.node("Reshape", [g.node(opType, [g.node("Reshape", [x, g.ints([1])])], { axis: 0 }), g.ints([])]);
}
