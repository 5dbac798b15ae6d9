import type { DType } from "../dtype.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";

/** OneHot of int64 indices along a new dimension `axis` of the result. onnxruntime wants indices of rank 1 or more, so a scalar makes a detour. */
export function lowerOneHot(
  g: OnnxBuilder,
  indices: OnnxValue,
  classes: number,
  axis: number,
  dtype: DType,
): OnnxValue {
  const scalar = indices.shape.length === 0;
  const vector = scalar ? g.node("Reshape", [indices, g.ints([1])]) : indices;
  const depth = g.constant(classes, { dtype: "int64" });
  const hot = g.node("OneHot", [vector, depth, g.constant([0, 1], { dtype })], { axis });
  return scalar ? g.node("Reshape", [hot, g.ints([classes])]) : hot;
}
