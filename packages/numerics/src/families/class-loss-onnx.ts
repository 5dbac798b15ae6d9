import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { ClassLossAttrs } from "./class-loss.ts";
import { lowerOneHot } from "./one-hot-onnx.ts";

/** The standard's own operator where it can say what is meant (class indices, classes in dimension 1), else its parts. */
export function lowerClassLoss(
  g: OnnxBuilder,
  opType: "SoftmaxCrossEntropyLoss" | "NegativeLogLikelihoodLoss",
  [x, target, weight]: readonly OnnxValue[],
  attrs: ClassLossAttrs,
): OnnxValue {
  const { dim, reduction, ignoreIndex, smoothing } = attrs;
  const probability = target!.dtype === "float32" || target!.dtype === "float64";
  if (!probability && dim === 1 && smoothing === 0) {
    const inputs = [x!, g.cast(target!, "int64"), weight ?? null];
    return g.node(opType, inputs, { reduction, ignore_index: ignoreIndex });
  }
  const logp = opType === "NegativeLogLikelihoodLoss" ? x! : g.node("LogSoftmax", [x!], { axis: dim });
  const classes = x!.shape[dim]!;
  const weights =
    weight === undefined
      ? null
      : g.node("Reshape", [weight, g.ints(x!.shape.map((_, i) => (i === dim ? classes : 1)))]);
  const rowsOf = (q: OnnxValue) => {
    const spread =
      smoothing === 0
        ? q
        : g.node("Add", [g.node("Mul", [q, g.constant(1 - smoothing)]), g.constant(smoothing / classes)]);
    const mass = weights === null ? spread : g.node("Mul", [spread, weights]);
    const terms = g.node("Mul", [mass, logp]);
    return g.node("Neg", [g.node("ReduceSum", [terms, g.ints([dim])], { keepdims: 0 })]);
  };
  const fold = (rows: OnnxValue) => g.node("ReduceSum", [rows], { keepdims: 0 });
  if (probability) {
    const rows = rowsOf(target!);
    if (reduction === "none") return rows;
    return reduction === "sum" ? fold(rows) : g.node("ReduceMean", [rows], { keepdims: 0 });
  }
  const indices = g.cast(target!, "int64");
  const keep = g.node("Not", [g.node("Equal", [indices, g.constant(ignoreIndex, { dtype: "int64" })])]);
  const safe = g.node("Where", [keep, indices, g.constant(0, { dtype: "int64" })]);
  const hot = lowerOneHot(g, safe, classes, dim, x!.dtype);
  const counted = g.cast(keep, x!.dtype);
  const rows = g.node("Mul", [rowsOf(hot), counted]);
  if (reduction === "none") return rows;
  if (reduction === "sum") return fold(rows);
  const shares =
    weight === undefined ? counted : g.node("Mul", [g.node("Gather", [weight, safe], { axis: 0 }), counted]);
  return g.node("Div", [fold(rows), fold(shares)]);
}
