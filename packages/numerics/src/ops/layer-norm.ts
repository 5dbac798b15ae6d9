import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { type AffineOptions, affineOf, normInputs, onnxFilled } from "../families/normalization.ts";
import { applyMulti } from "../op.ts";
import { formatShape, type Shape, sameShape, sizeOfShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type RowNormAttrs, rowNorm } from "./row-norm.ts";

function normalizedDims(shape: Shape, n: number): number {
  let size = 1;
  let dims = 0;
  while (size < n || dims === 0) size *= shape[shape.length - 1 - dims++]!;
  return dims;
}

const definition = /* @__PURE__ */ rowNorm({
  name: "layerNorm",
  composed: (shape, { n }: RowNormAttrs) => ({ x: [sizeOfShape(shape) / Math.max(1, n), n], weight: [n], dims: [1] }),
  onnx: (g, inputs, attrs) => {
    const x = inputs[0]!;
    const { weight, bias } = affineOf(inputs, attrs);
    const dims = weight?.shape.length ?? bias?.shape.length ?? normalizedDims(x.shape, attrs.n);
    const scale = weight ?? onnxFilled(g, x, x.shape.slice(-dims), 1);
    return g.node("LayerNormalization", [x, scale, bias ?? null], { axis: -dims, epsilon: attrs.eps });
  },
});

/**
 * Normalises over the last dimensions: `y = (x - mean) / sqrt(var + eps) * weight + bias`, variance biased, all in float64 and rounded once.
 * `[...S, ...normalizedShape]` to the same shape; weight and bias have `normalizedShape`. eps 1e-5.
 * Source: Ba, Kiros, Hinton, "Layer normalization" (2016). @throws ShapeError if x does not end in `normalizedShape`.
 */
export function layerNorm(x: TensorArg, normalizedShape: number | Shape, options: AffineOptions = {}): Tensor {
  const t = asTensor(x);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  if (shape.length === 0 || shape.length > t.ndim || !sameShape(t.shape.slice(-shape.length), shape)) {
    throw new ShapeError({
      op: "layerNorm",
      rule: "the input does not end in normalizedShape",
      received: formatShape(t.shape),
      expected: `[..., ${shape.join(", ")}]`,
    });
  }
  const { inputs, attrs } = normInputs("layerNorm", t, shape, options);
  const [y, ...rest] = applyMulti(definition, inputs, { ...attrs, n: sizeOfShape(shape), channels: 0, groups: 1 });
  for (const statistic of rest) statistic.dispose();
  return y!;
}
