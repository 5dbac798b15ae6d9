import { isFloatingPoint } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { type ManyOutputs, nonDifferentiable, type OneOutput, type TensorSpec } from "../op.ts";
import { contiguous } from "../ops/contiguous.ts";
import { scatterTo } from "../ops/scatter.ts";
import { to } from "../ops/to.ts";
import { formatShape } from "../shape.ts";
import { allocate, type Tensor } from "../tensor.ts";
import { around } from "./along-dim.ts";
import { reducedShape } from "./reduction.ts";

export interface ExtremeAttrs {
  readonly dim: number;
  readonly keepdim: boolean;
}

/** @throws ShapeError where there is nothing to choose from. */
export function checkNotEmpty(op: string, shape: readonly number[], dims: readonly number[]): void {
  if (dims.every((d) => shape[d] !== 0)) return;
  throw new ShapeError({
    op,
    rule: "there is no extreme of nothing",
    received: `${formatShape(shape)}, dim ${dims.join(", ")}`,
    expected: "a size of 1 or more in every reduced dimension",
  });
}

interface Found {
  readonly values: Tensor | null;
  readonly indices: Tensor;
}

function find(k: Kernels, input: Tensor, attrs: ExtremeAttrs, largest: boolean, spec: TensorSpec | null): Found {
  const float = isFloatingPoint(input.dtype);
  const x = contiguous(to(input, float ? (input.dtype === "float64" ? "float64" : "float32") : "int64"));
  const shape = reducedShape(input.shape, { dims: input.ndim === 0 ? [] : [attrs.dim], keepdim: attrs.keepdim });
  const indices = allocate(shape, "int64");
  const values = spec === null ? null : allocate(shape, x.dtype);
  const kernel = float ? k.argExtreme[x.dtype as "float32"] : k.argExtremeInt64;
  if (indices.size > 0) {
    kernel(x.ptr, values?.ptr ?? 0, indices.ptr, ...around(input.shape, attrs.dim), largest ? 1 : 0);
  }
  return { values: values === null ? null : to(values, spec!.dtype), indices };
}

function specs(op: string, x: TensorSpec, attrs: ExtremeAttrs): readonly [TensorSpec, TensorSpec] {
  const dims = x.shape.length === 0 ? [] : [attrs.dim];
  checkNotEmpty(op, x.shape, dims);
  const shape = reducedShape(x.shape, { dims, keepdim: attrs.keepdim });
  return [
    { shape, dtype: x.dtype },
    { shape, dtype: "int64" },
  ];
}

/** The position of the extreme along one dimension. */
export function argExtreme(name: string, largest: boolean): OneOutput<ExtremeAttrs> {
  return {
    name,
    shape: ([x], attrs) => specs(name, x!, attrs)[1],
    forward: (k, [x], attrs) => find(k, x!, attrs, largest, null).indices,
    gradient: nonDifferentiable("a position moves in jumps"),
    onnx: (g, [x], attrs) => lowerArg(g, x!, attrs, largest),
  };
}

function lowerArg(g: OnnxBuilder, x: OnnxValue, { dim, keepdim }: ExtremeAttrs, largest: boolean): OnnxValue {
  return g.node(largest ? "ArgMax" : "ArgMin", [x], { axis: dim, keepdims: keepdim ? 1 : 0 });
}

/** The extreme along one dimension and its position; the gradient goes to that position. */
export function extremeAlong(name: string, largest: boolean): ManyOutputs<ExtremeAttrs> {
  return {
    name,
    shape: ([x], attrs) => specs(name, x!, attrs),
    forward: (k, [x], attrs, [spec]) => {
      const { values, indices } = find(k, x!, attrs, largest, spec!);
      return [values!, indices];
    },
    gradient: ({ outputs, dy, specs: [x], attrs }) => [scatterTo(x!.shape, attrs, outputs[1]!, dy)],
    saves: { inputs: "none", outputs: "all" },
    onnx: (g, [x], attrs) => {
      const at = lowerArg(g, x!, { ...attrs, keepdim: true }, largest);
      const picked = g.node("GatherElements", [x!, at], { axis: attrs.dim });
      if (attrs.keepdim) return [picked, at];
      const axes = g.ints([attrs.dim]);
      return [g.node("Squeeze", [picked, axes]), g.node("Squeeze", [at, axes])];
    },
  };
}

/** Values and where they were found, as int64. */
export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}
