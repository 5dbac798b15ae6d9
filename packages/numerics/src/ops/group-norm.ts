import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { type AffineOptions, affineOf, normInputs, onnxFilled } from "../families/normalization.ts";
import { applyMulti } from "../op.ts";
import { formatShape, sizeOfShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { rowNorm } from "./row-norm.ts";

const definition = /* @__PURE__ */ rowNorm({
  name: "groupNorm",
  composed: (shape, { groups, channels }) => {
    const inner = sizeOfShape(shape.slice(2));
    return { x: [shape[0]!, groups, channels, inner], weight: [groups, channels, 1], dims: [2, 3] };
  },
  onnx: (g, inputs, attrs) => {
    const x = inputs[0]!;
    const { groups } = attrs;
    const { weight, bias } = affineOf(inputs, attrs);
    // Instance norm of the groups is in every version of the standard; group norm itself is not.
    const rows = g.node("Reshape", [x, g.ints([x.shape[0]!, groups, -1])]);
    const [one, none] = [onnxFilled(g, x, [groups], 1), onnxFilled(g, x, [groups], 0)];
    const normal = g.node("InstanceNormalization", [rows, one, none], { epsilon: attrs.eps });
    let y = g.node("Reshape", [normal, g.ints(x.shape)]);
    const column = g.ints([-1, ...x.shape.slice(2).map(() => 1)]);
    if (weight !== undefined) y = g.node("Mul", [y, g.node("Reshape", [weight, column])]);
    if (bias !== undefined) y = g.node("Add", [y, g.node("Reshape", [bias, column])]);
    return y;
  },
});

/**
 * Normalises each group of channels of each sample: `y = (x - mean) / sqrt(var + eps) * weight + bias`, in float64 and rounded once.
 * `[N, C, ...S]` to the same shape; weight and bias `[C]`. eps 1e-5.
 * Source: Wu, He, "Group normalization" (2018). @throws ArgumentError unless `numGroups` divides C.
 */
export function groupNorm(x: TensorArg, numGroups: number, options: AffineOptions = {}): Tensor {
  const t = asTensor(x);
  const channels = t.shape[1];
  if (channels === undefined) {
    throw new ShapeError({ op: "groupNorm", rule: "takes [N, C, ...]", received: formatShape(t.shape) });
  }
  if (!Number.isSafeInteger(numGroups) || numGroups < 1 || channels % numGroups !== 0) {
    throw new ArgumentError({
      op: "groupNorm",
      rule: "groups must divide the channels",
      received: `${numGroups} groups, ${channels} channels`,
    });
  }
  const { inputs, attrs } = normInputs("groupNorm", t, [channels], options);
  const each = channels / numGroups;
  const n = each * sizeOfShape(t.shape.slice(2));
  const [y, ...rest] = applyMulti(definition, inputs, { ...attrs, n, channels: each, groups: numGroups });
  for (const statistic of rest) statistic.dispose();
  return y!;
}
