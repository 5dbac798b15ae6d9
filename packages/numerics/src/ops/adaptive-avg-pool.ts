import { asTensor } from "../create.ts";
import type { DType } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import { batched } from "../families/pooling.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import type { Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

interface SizeAttrs {
  readonly size: readonly [number, number];
}

function numbers(inner: Shape, outer: Shape): number[] {
  return [inner[2]!, inner[3]!, outer[2]!, outer[3]!, 1, 1, 1, 1, 0, 0, 1, 1];
}

const definition: OneOutput<SizeAttrs> = {
  name: "adaptiveAvgPool2d",
  shape: ([x], { size }) => ({
    shape: [x!.shape[0]!, x!.shape[1]!, ...size],
    dtype: floatDType("adaptiveAvgPool2d", x!),
  }),
  forward: (k, [x], _attrs, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const planes = spec.shape[0]! * spec.shape[1]!;
    k.adaptiveAvgPool[spec.dtype as "float32"](contiguous(x!).ptr, y.ptr, planes, numbers(x!.shape, spec.shape), 0);
    return y;
  },
  gradient: ({ dy, specs: [x] }) => [apply(gradDefinition, [dy], { shape: x!.shape })],
  saves: { inputs: "none" },
  onnx: (g, [x], { size }) => {
    const [h, w] = x!.shape.slice(2) as [number, number];
    if (size[0] === 1 && size[1] === 1) return g.node("GlobalAveragePool", [x!]);
    if (h % size[0] === 0 && w % size[1] === 0) {
      const step = [h / size[0], w / size[1]];
      return g.node("AveragePool", [x!], { kernel_shape: step, strides: step });
    }
    // Uneven windows: averaging along one direction is a product with a matrix.
    const rows = g.node("MatMul", [averages(g, x!.dtype, h, size[0], false), x!]);
    return g.node("MatMul", [rows, averages(g, x!.dtype, w, size[1], true)]);
  },
};

/** The matrix `[to, from]` whose rows average the windows; `[from, to]` if transposed. */
function averages(g: OnnxBuilder, dtype: DType, from: number, to: number, transposed: boolean): OnnxValue {
  const matrix = new Array<number>(from * to).fill(0);
  for (let i = 0; i < to; i++) {
    const start = Math.floor((i * from) / to);
    const end = Math.ceil(((i + 1) * from) / to);
    for (let j = start; j < end; j++) matrix[transposed ? j * to + i : i * from + j] = 1 / (end - start);
  }
  return g.constant(matrix, { dtype, shape: transposed ? [from, to] : [to, from] });
}

const gradDefinition: OneOutput<{ readonly shape: Shape }> = {
  name: "adaptiveAvgPoolGrad",
  shape: ([dy], { shape }) => ({ shape, dtype: dy!.dtype }),
  forward: (k, [dy], _attrs, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const planes = spec.shape[0]! * spec.shape[1]!;
    k.adaptiveAvgPool[spec.dtype as "float32"](contiguous(dy!).ptr, dx.ptr, planes, numbers(spec.shape, dy!.shape), 1);
    return dx;
  },
  gradient: ({ dy: v, specs: [dy] }) => [apply(definition, [v], { size: [dy!.shape[2]!, dy!.shape[3]!] })],
  saves: { inputs: "none" },
  onnx: unsupported("it appears in gradients only"),
};

function outputSize(op: string, x: Tensor, sizes: readonly (number | null)[]): readonly [number, number] {
  const [h, w] = x.shape.slice(-2) as [number, number];
  const size = [sizes[0] ?? h, sizes[1] ?? w] as const;
  if (sizes.length !== 2 || size.some((s) => !Number.isSafeInteger(s) || s < 1)) {
    throw new ArgumentError({
      op,
      rule: "outputSize must be one or two whole numbers of 1 or more (null keeps a size)",
      received: `[${sizes.join(", ")}]`,
    });
  }
  return size;
}

/**
 * Means over windows of even size that cover the input so that the output has the size asked for: row i averages the rows from
 * `floor(i H / H')` to `ceil((i + 1) H / H')`. `[N, C, H, W] -> [N, C, H', W']` (or without N); null keeps a size.
 */
export function adaptiveAvgPool2d(x: TensorArg, outputSizes: number | readonly (number | null)[]): Tensor {
  const sizes = typeof outputSizes === "number" ? [outputSizes, outputSizes] : outputSizes;
  return batched("adaptiveAvgPool2d", asTensor(x), 4, (t) =>
    apply(definition, [t], { size: outputSize("adaptiveAvgPool2d", t, sizes) }),
  );
}

/** `adaptiveAvgPool2d` over `[N, C, L]` or `[C, L]`. */
export function adaptiveAvgPool1d(x: TensorArg, size: number): Tensor {
  return batched("adaptiveAvgPool1d", asTensor(x), 3, (t) =>
    squeeze(apply(definition, [unsqueeze(t, 2)], { size: outputSize("adaptiveAvgPool1d", t, [1, size]) }), 2),
  );
}
